import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeProvider, json, stream } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`model_list:
  - { model_name: openai, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5-20250929, api_base: "${provider.url}", api_key: sk-x, thinking: { type: enabled, budget_tokens: 4096 }, max_tokens: 8192 } }
  - { model_name: ollama, litellm_params: { model: ollama_chat/qwen3:8b, api_base: "${provider.url}", api_key: sk-x } }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

interface ToolCall {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
}
interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: ToolCall[];
}

const TOOLS = ['GetState', 'HassTurnOn', 'f', 'light__HassLightSet'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} } },
}));
const QUESTION: Message = { role: 'user', content: 'Lights please' };

async function ask(
  model: string,
  messages: readonly object[],
  more: Record<string, unknown> = {},
  key = gateway.masterKey,
): Promise<Message> {
  const answer = await gateway.call(
    'POST',
    '/v1/chat/completions',
    { model, messages, tools: TOOLS, user: '01HZX3M7K0000000000000000', ...more },
    key,
  );
  expect(answer.status, await answer.clone().text()).toBe(200);
  return ((await answer.json()) as { choices: { message: Message }[] }).choices[0]?.message as Message;
}

/** What Home Assistant sends back of an answer: every other member is lost (data-plane 2.1). */
function asHomeAssistant({ content, tool_calls: calls = [] }: Message): object[] {
  return [
    {
      role: 'assistant',
      content,
      tool_calls: calls.map(({ type, id, function: called }) => ({
        type,
        id,
        function: { arguments: called.arguments, name: called.name },
      })),
    },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: '{"success":true}' })),
  ];
}

describe('tool calls without arguments', () => {
  const openaiAnswer = (called: unknown): object => ({
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', function: called }] },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  });

  test.each([[{ name: 'f', arguments: '' }], [{ name: 'f' }], [{ name: 'f', arguments: null }], [{ name: 'f', arguments: {} }]])(
    'have `{}` (%o)',
    async (called) => {
      provider.behaviour = json(openaiAnswer(called));
      expect((await ask('openai', [QUESTION])).tool_calls).toMatchObject([
        { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } },
      ]);
    },
  );

  test('have `{}` in streams of each dialect too', async () => {
    const chunk = (delta: object, finish: string | null = null): string =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const streams = {
      openai: stream([
        chunk({
          role: 'assistant',
          content: null,
          tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }],
        }),
        chunk({}, 'tool_calls'),
        'data: [DONE]\n\n',
      ]),
      claude: wire('anthropic/tool-without-arguments'),
      ollama: stream(
        [
          '{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":false}\n',
          '{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":1}\n',
        ],
        'application/x-ndjson',
      ),
    };
    for (const [model, behaviour] of Object.entries(streams)) {
      provider.behaviour = behaviour;
      const text = await (
        await gateway.call('POST', '/v1/chat/completions', { model, messages: [QUESTION], tools: TOOLS, stream: true })
      ).text();
      const deltas = text
        .split('\n\n')
        .filter((event) => event.startsWith('data: {'))
        .flatMap((event) =>
          (
            JSON.parse(event.slice(6)) as { choices: { delta: { tool_calls?: { function?: { arguments?: string } }[] } }[] }
          ).choices.flatMap(({ delta }) => delta.tool_calls ?? []),
        );
      expect([model, deltas.map((delta) => delta.function?.arguments ?? '').join('')]).toEqual([model, '{}']);
    }
  });

  test('names with a double underscore pass unchanged both ways', async () => {
    provider.behaviour = json(openaiAnswer({ name: 'light__HassLightSet', arguments: '{"brightness": 1.0}' }));
    expect((await ask('openai', [QUESTION])).tool_calls?.[0]?.function).toEqual({
      name: 'light__HassLightSet',
      arguments: '{"brightness": 1.0}',
    });
  });
});

describe('thoughts of Claude over two turns', () => {
  test.each([false, true])('are restored for a client that loses them (streamed first turn: %s)', async (streamed) => {
    provider.behaviour = inTurn(wire('anthropic/thinking-with-tools'), wire('anthropic/text'));
    let message: Message;
    if (streamed) {
      const text = await (
        await gateway.call('POST', '/v1/chat/completions', { model: 'claude', messages: [QUESTION], tools: TOOLS, stream: true })
      ).text();
      expect(text).toContain('"toolu_2"');
      message = {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'toolu_2', type: 'function', function: { name: 'HassTurnOn', arguments: '{"name":"lamp"}' } }],
      };
    } else message = await ask('claude', [QUESTION]);
    await ask('claude', [QUESTION, ...asHomeAssistant(message)]);
    const sent = provider.last.json as { messages: { role: string; content: object[] }[]; thinking: unknown };
    const thought = (wireCase('anthropic/thinking-with-tools').response as { content: object[] }).content[0];
    expect(sent.messages[1]).toMatchObject({
      role: 'assistant',
      content: [thought, { type: 'tool_use', id: 'toolu_2', name: 'HassTurnOn', input: { name: 'lamp' } }],
    });
    expect(sent.messages[2]).toMatchObject({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_2' }] });
    expect(sent.thinking).toMatchObject({ type: 'enabled' });
  });

  test('of another key are never restored; thinking is then off for this call, and no 400', async () => {
    provider.behaviour = inTurn(wire('anthropic/thinking-with-tools'), wire('anthropic/text'));
    const [one, two] = [await gateway.key(), await gateway.key()];
    const message = await ask('claude', [QUESTION], {}, one);
    await ask('claude', [QUESTION, ...asHomeAssistant(message)], {}, two);
    expect(JSON.stringify(provider.last.json)).not.toContain('c2lnMg==');
    expect([undefined, 'disabled']).toContain((provider.last.json as { thinking?: { type: string } }).thinking?.type);
  });

  test('never go to another provider', async () => {
    provider.behaviour = wire('anthropic/thinking-with-tools');
    const message = await ask('claude', [QUESTION]);
    for (const model of ['ollama', 'openai']) {
      provider.behaviour = wire(`${model}/text`);
      await ask(model, [QUESTION, ...asHomeAssistant(message)]);
      expect(provider.last.body.toString()).not.toContain('c2lnMg==');
    }
  });
});
