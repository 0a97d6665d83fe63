import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalServersAnswer } from '../../src/contract/panel/local-servers.ts';
import { PRICE_LINES, startLocalHouse, type LocalHouse } from './gateway-over-llama.ts';

let house: LocalHouse;

beforeAll(async () => {
  house = await startLocalHouse('chat', () => `
model_list:
  - model_name: priced
    litellm_params: { model: openai/x, api_key: k, mock_response: x, ${PRICE_LINES.slice(1, -1)} }
general_settings: { store_model_in_db: true }
`); // prettier-ignore
});

afterAll(() => house.stop());

test('the server of llama.cpp is found with what its model can do, and its model is called', async () => {
  const looked = await house.gateway.call('POST', '/panel/local-servers/look', { addresses: [house.llama.url] });
  const { servers } = LocalServersAnswer.parse(await looked.json());
  const server = servers.find(({ address }) => address === house.llama.url);
  expect(server).toMatchObject({ kind: 'llamacpp', api_base: `${house.llama.url}/v1`, version: expect.stringMatching(/^b\d/) });
  const [model] = server?.models ?? [];
  expect(model).toMatchObject({
    id: 'tiny-chat',
    mode: 'chat',
    context_length: 4096,
    vision: false,
    tools: true,
    reasoning: true,
    loaded: true,
    parameters: '350K',
    registered: false,
  });
  expect((await house.gateway.call('POST', '/model/new', model?.ready)).status).toBe(200);
  const answer = await house.client.chat.completions.create({
    model: 'tiny-chat',
    messages: [{ role: 'user', content: 'Hi' }],
    max_tokens: 20,
  });
  expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
});
