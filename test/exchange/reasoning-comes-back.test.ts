import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider, json, stream } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`
model_list:
  - model_name: thinker
    litellm_params: { model: deepseek/deepseek-reasoner, api_base: ${provider.url}/v1, api_key: sk-provider }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const call = { id: 'call_1', type: 'function', function: { name: 'lights', arguments: '{}' } };
const tools = [{ type: 'function', function: { name: 'lights', parameters: { type: 'object', properties: {} } } }];
const question = { role: 'user', content: 'Lights on' };
/** What clients keep of the turn: the reasoning is lost. */
const history = [
  question,
  { role: 'assistant', content: null, tool_calls: [call] },
  { role: 'tool', tool_call_id: 'call_1', content: 'done' },
];

const sentReasoning = (): unknown => (provider.last.json['messages'] as Record<string, unknown>[])[1]?.['reasoning_content'];

test('reasoning of a whole answer goes back with its tool call, for the key that got it and for no other', async () => {
  const answer = {
    id: 'a',
    object: 'chat.completion',
    created: 1,
    model: 'deepseek-reasoner',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', content: '', reasoning_content: 'They want light.', tool_calls: [call] },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
  provider.behaviour = json(answer);
  const [mine, other] = [await gateway.key(), await gateway.key()];
  expect((await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', messages: [question], tools }, mine)).status).toBe(200);
  await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', messages: history, tools }, mine);
  expect(sentReasoning()).toBe('They want light.');
  await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', messages: history, tools }, other);
  expect(sentReasoning()).not.toBe('They want light.');
});

test('reasoning of a stream goes back too', async () => {
  const chunk = (delta: Record<string, unknown>, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'b', object: 'chat.completion.chunk', created: 1, model: 'deepseek-reasoner', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  provider.behaviour = stream([
    chunk({ role: 'assistant', content: null, reasoning_content: 'Dark ' }),
    ...['here', ', and', ' late', '.'].map((text) => chunk({ reasoning_content: text })),
    ...['I', ' turn', ' them', ' on.'].map((text) => chunk({ content: text })),
    chunk({ tool_calls: [{ index: 0, id: 'call_2', type: 'function', function: { name: 'lights', arguments: '{}' } }] }),
    chunk({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ]);
  const key = await gateway.key();
  await (await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', stream: true, messages: [question], tools }, key)).text();
  const second = [
    question,
    { role: 'assistant', content: null, tool_calls: [{ ...call, id: 'call_2' }] },
    { role: 'tool', tool_call_id: 'call_2', content: 'done' },
  ];
  await (await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', stream: true, messages: second, tools }, key)).text();
  expect(sentReasoning()).toBe('Dark here, and late.');
});
