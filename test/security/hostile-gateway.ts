import { expect } from 'vitest';
import { completion, FakeProvider, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';

/** A gateway before providers of all dialects, and the questions that every hostile request is followed by. */
export interface Surface {
  readonly gateway: TestGateway;
  readonly provider: FakeProvider;
  /** Fails for an answer that is a fault of ours, is no good JSON, or tells what is nobody's business. */
  judge(status: number, text: string, context: string): void;
  /** Nothing was unforeseen, nothing is held, nothing was polluted, and the next good call works. */
  expectUnharmed(): Promise<void>;
  stop(): Promise<void>;
}

/** A model group for each dialect. */
export const CHAT_MODELS = ['fast', 'thinker', 'claude', 'llama', 'command', 'flash'] as const;

const PROVIDER_KEY = 'canary-of-the-provider-0123456789';

export async function startSurface(): Promise<Surface> {
  const provider = await FakeProvider.start(answer);
  const gateway = await startGateway(`
model_list:
  - model_name: fast
    litellm_params: { model: openai/upstream-model, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY}, use_in_pass_through: true }
    model_info: { input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
  - model_name: thinker
    litellm_params: { model: openai/responses/upstream-model, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY} }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: ${provider.url}, api_key: ${PROVIDER_KEY} }
  - model_name: llama
    litellm_params: { model: ollama_chat/llama3.2, api_base: ${provider.url} }
  - model_name: command
    litellm_params: { model: cohere_chat/command-a-03-2025, api_base: ${provider.url}, api_key: ${PROVIDER_KEY} }
  - model_name: flash
    litellm_params: { model: gemini/gemini-2.5-flash, api_base: ${provider.url}, api_key: ${PROVIDER_KEY} }
  - model_name: vectors
    litellm_params: { model: openai/upstream-vectors, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY} }
    model_info: { mode: embedding }
  - model_name: text
    litellm_params: { model: hosted_vllm/base, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY} }
  - model_name: fim
    litellm_params: { model: codestral/codestral-latest, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY} }
  - model_name: ranks
    litellm_params: { model: cohere/rerank-v3.5, api_base: ${provider.url}, api_key: ${PROVIDER_KEY}, input_cost_per_query: 0.002 }
  - model_name: ranks-too
    litellm_params: { model: jina_ai/jina-reranker-m0, api_base: ${provider.url}/v1, api_key: ${PROVIDER_KEY} }
  - model_name: ranks-local
    litellm_params: { model: tei/bge-reranker, api_base: ${provider.url} }
router_settings: { num_retries: 0 }
general_settings: { max_request_size_mb: 2 }
`);
  const never = [
    gateway.masterKey,
    PROVIDER_KEY,
    'node:internal',
    'node_modules',
    '/src/',
    ' at async ',
    'gateway.virtual_keys (',
    'gateway.spend_logs',
    gateway.directory,
  ];
  const unhandled: unknown[] = [];
  let read = 0;
  const onUnhandled = (error: unknown): void => {
    unhandled.push(error);
  };
  process.on('unhandledRejection', onUnhandled);
  return {
    gateway,
    provider,
    judge(status, text, context) {
      expect(status, `${context}: ${text.slice(0, 500)}`).toBeGreaterThanOrEqual(200);
      expect(status, `${context}: ${text.slice(0, 500)}`).toBeLessThan(500);
      for (const secret of never) expect(text.includes(secret), `${context} tells ${secret}`).toBe(false);
      if (status >= 400) expectErrorBody(text, context);
    },
    async expectUnharmed() {
      await expectNothingLeft(gateway);
      const lines = gateway.log.slice(read);
      read = gateway.log.length;
      expect(lines.filter((line) => line.includes('unforeseen'))).toEqual([]);
      expect(unhandled.splice(0)).toEqual([]);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      const key = await gateway.key();
      for (const model of CHAT_MODELS) {
        const good = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] }, key);
        expect(good.status, `${model}: ${await good.clone().text()}`).toBe(200);
        await good.text();
      }
      await gateway.flushed();
      expect(gateway.log.filter((line) => line.includes('refuses a spend record'))).toEqual([]);
    },
    async stop() {
      process.off('unhandledRejection', onUnhandled);
      await gateway.stop();
      await provider.stop();
    },
  };
}

function expectErrorBody(text: string, context: string): void {
  const body = JSON.parse(text) as { error?: { message?: unknown; type?: unknown; code?: unknown }; detail?: unknown };
  if (Array.isArray(body.detail)) return;
  if (typeof body.error?.code === 'number') {
    expect(body.error, context).toMatchObject({ message: expect.any(String), status: expect.any(String), details: expect.any(Array) });
    return;
  }
  expect(body.error, context).toMatchObject({ message: expect.any(String), type: expect.any(String), code: expect.any(String) });
}

const NDJSON_END = {
  model: 'llama3.2',
  created_at: '2026-01-01T00:00:00Z',
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 10,
  eval_count: 5,
};

/** Answers any request of any of the dialects well, whatever it holds. */
function answer({ path, json }: SeenRequest, response: Parameters<FakeProvider['behaviour']>[1]): void {
  const streamed = json['stream'] === true;
  if (path.endsWith('/embeddings'))
    send({
      object: 'list',
      model: 'upstream-vectors',
      data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  else if (path.endsWith('/rerank')) {
    const sent = json['documents'] ?? json['texts'];
    const results = Array.isArray(sent) && sent.length > 0 ? [{ index: 0, relevance_score: 0.5 }] : [];
    send({ results, usage: { total_tokens: 3 } });
  } else if (path.endsWith('/moderations'))
    send({ id: 'modr-1', model: 'm', results: [{ flagged: false, categories: {}, category_scores: {} }] });
  else if (path.endsWith('/v1/completions')) {
    const choices = [{ text: 'Hello', index: 0, logprobs: null, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    if (streamed) events(['', { choices }], ['', { choices: [], usage }]);
    else send({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', choices, usage });
  } else if (path.endsWith('/audio/speech')) response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
  else if (path.endsWith('/audio/transcriptions')) send({ text: 'Hello', usage: { type: 'duration', seconds: 1 } });
  else if (path.includes('/images/')) send({ created: 1, data: [{ b64_json: 'aW1hZ2U=' }] });
  else if (path.endsWith('/input_tokens')) send({ object: 'response.input_tokens', input_tokens: 3 });
  else if (path.endsWith('/responses')) {
    if (streamed) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(wireCase('responses/thinking-with-tools').stream);
    else send(wireCase('responses/thinking-with-tools').response);
  } else if (path.endsWith('/messages')) {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1 },
    };
    if (!streamed)
      return send({
        ...message,
        content: [{ type: 'text', text: 'Hello' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 10, output_tokens: 5 },
      });
    events(
      ['message_start', { message }],
      ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
      ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }],
      ['content_block_stop', { index: 0 }],
      ['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } }],
      ['message_stop', {}],
    );
  } else if (path.endsWith('/api/generate')) {
    response.writeHead(200, { 'content-type': streamed ? 'application/x-ndjson' : 'application/json' });
    response.end(`${JSON.stringify({ ...NDJSON_END, response: 'Hello' })}\n`);
  } else if (path.endsWith(':countTokens')) send({ totalTokens: 10 });
  else if (path.endsWith(':batchEmbedContents'))
    send({ embeddings: Array.isArray(json['requests']) ? json['requests'].map(() => ({ values: [0.5] })) : [] });
  else if (path.includes('enerateContent')) {
    const told = {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    };
    if (path.includes(':generateContent')) return send(told);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify(told)}\n\n`);
  } else if (path.endsWith('/api/chat')) {
    response.writeHead(200, { 'content-type': streamed ? 'application/x-ndjson' : 'application/json' });
    response.end(`${JSON.stringify({ ...NDJSON_END, message: { role: 'assistant', content: 'Hello' } })}\n`);
  } else if (path.endsWith('/v2/chat')) {
    const usage = { tokens: { input_tokens: 10, output_tokens: 5 } };
    if (!streamed)
      return send({
        id: 'c-1',
        finish_reason: 'COMPLETE',
        message: { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
        usage,
      });
    events(
      ['message-start', { id: 'c-1' }],
      ['content-delta', { index: 0, delta: { message: { content: { text: 'Hello' } } } }],
      ['message-end', { delta: { finish_reason: 'COMPLETE', usage } }],
    );
  } else if (!streamed) send(completion('Hello'));
  else {
    const chunk = (choices: unknown[], more = {}): string =>
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'upstream-model', choices, ...more })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      `${chunk([{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }])}${chunk([], { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } })}data: [DONE]\n\n`,
    );
  }

  function send(value: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  }

  function events(...list: readonly (readonly [string, object])[]): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(list.map(([type, more]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`).join(''));
  }
}

/** Runs work over many cases, some at a time. Fails at the end with the first few of what failed. */
export async function forEach<T>(cases: readonly T[], work: (one: T, index: number) => Promise<void>, atOnce = 12): Promise<void> {
  const waiting = cases.entries();
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, one] of waiting) await work(one, index).catch((error: unknown) => failures.push(error));
    }),
  );
  expect(
    failures.slice(0, 8).map((error) => (error instanceof Error ? error.message.slice(0, 600) : error)),
    `${failures.length} of ${cases.length} cases failed`,
  ).toEqual([]);
}
