import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, base: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-x${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('openai', 'openai/cheap', `${provider.url}/v1`)}${row('anthropic', 'anthropic/cheap', provider.url)}${row('cohere', 'cohere/cheap', provider.url)}${row('ollama', 'ollama_chat/cheap', provider.url)}${row('owned', 'anthropic/cheap', provider.url, ', extra_body: { top_k: 7, max_tokens: 9 }')}${row('replicate', 'replicate/owner/cheap:0123456789012345678901234567890123456789012345678901234567890123', `${provider.url}/v1`)}
`);
});
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const TURNS = [{ role: 'user', content: 'Hi' }];

describe('extra_body', () => {
  test.each(['model', 'messages', 'stream', 'n', 'max_tokens', 'max_completion_tokens'])(
    'holds no %s: it would say which model is asked or for how much, past what the key may',
    async (name) => {
      provider.seen.length = 0;
      for (const path of ['/v1/chat/completions', '/v1/messages']) {
        const answer = await gateway.call('POST', path, {
          model: 'anthropic',
          max_tokens: 5,
          messages: TURNS,
          extra_body: { [name]: 'x' },
        });
        expect(answer.status, path).toBe(400);
        expect(await answer.text(), path).toContain(`'${name}' belongs into the request itself`);
      }
      expect(provider.seen).toEqual([]);
    },
  );

  test('of a fallback is held to the same', async () => {
    const fallbacks = [{ model: 'cohere', extra_body: { model: 'dear' } }];
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'openai', messages: TURNS, fallbacks });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: 'fallbacks.extra_body.model' } });
  });

  test.each(['anthropic', 'cohere', 'ollama'])('adds members to a body for %s and replaces none', async (model) => {
    provider.behaviour = wire(`${model}/text`);
    const asked = { model, max_tokens: 5, temperature: 0.5, messages: TURNS };
    const bare = await gateway.call('POST', '/v1/chat/completions', asked);
    expect(bare.status, await bare.text()).toBe(200);
    const { json: before } = provider.last;
    const replaced = Object.fromEntries(Object.keys(before).map((name) => [name, 'theirs']));
    // What the door refuses is refused before.
    for (const name of ['model', 'messages', 'stream', 'max_tokens']) delete replaced[name];
    await gateway.call('POST', '/v1/chat/completions', { ...asked, extra_body: { ...replaced, further: { a: 1 } } });
    expect(provider.last.json).toEqual({ ...before, further: { a: 1 } });
  });

  test('cannot name another version where that names the model', async () => {
    provider.behaviour = wire('replicate/text');
    await gateway.call('POST', '/v1/chat/completions', {
      model: 'replicate',
      messages: TURNS,
      extra_body: { version: 'dear', input: { seed: 3 } },
    });
    expect(provider.seen.findLast(({ method }) => method === 'POST')?.json).toMatchObject({
      version: expect.stringMatching(/^0123/),
      input: { seed: 3 },
    });
  });

  test('of the owner is meant literally', async () => {
    provider.behaviour = wire('anthropic/text');
    await gateway.call('POST', '/v1/messages', {
      model: 'owned',
      max_tokens: 5,
      messages: TURNS,
      extra_body: { top_k: 3, container: 'c' },
    });
    expect(provider.last.json).toMatchObject({ model: 'cheap', top_k: 7, max_tokens: 9, container: 'c' });
  });
});
