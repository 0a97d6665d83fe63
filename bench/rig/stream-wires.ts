import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a provider tells a stream: an opening, the same event many times, a closing. `{stamp}` is the time of writing. */
interface StreamWire {
  readonly type: string;
  readonly opening: string;
  readonly event: string;
  readonly closing: string;
}

const EVENT_STREAM = 'text/event-stream';

const data = (...values: readonly object[]): string => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('');

/** Events whose name stands on a line of its own and in `type`, too. */
const named = (...values: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[]): string =>
  values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join('');

const lines = (...values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const chunk = (choices: readonly object[], more: object = {}): object => ({
  id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'bench-upstream', system_fingerprint: 'fp_bench', choices, ...more,
}); // prettier-ignore

const choice = (delta: object, finish_reason: string | null = null): object => ({ index: 0, delta, logprobs: null, finish_reason });

const response = (status: string, more: object = {}): object => ({
  id: 'resp_bench', object: 'response', created_at: 1_760_000_000, status, model: 'bench-upstream', error: null, incomplete_details: null, output: [], usage: null, ...more,
}); // prettier-ignore

const ITEM = { id: 'msg_bench', type: 'message', role: 'assistant' };
const [IN, OUT] = [20, 300];
const ollama = (content: string, more: object = {}): object => ({
  model: 'bench-upstream', created_at: '2025-10-09T09:46:40Z', message: { role: 'assistant', content }, done: false, ...more,
}); // prettier-ignore
const gemini = (text: string, more: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }], modelVersion: 'gemini-2.5-flash', responseId: 'bench',
  usageMetadata: { promptTokenCount: IN, candidatesTokenCount: OUT, totalTokenCount: IN + OUT },
}); // prettier-ignore

/** By the name in the path of a request. */
export const STREAM_WIRES: Readonly<Record<string, StreamWire>> = {
  openai: {
    type: EVENT_STREAM,
    opening: data(chunk([choice({ role: 'assistant', content: '' })])),
    event: data(chunk([choice({ content: '{stamp}' })])),
    closing: `${data(
      chunk([choice({}, 'stop')]),
      chunk([], { usage: { prompt_tokens: IN, completion_tokens: OUT, total_tokens: IN + OUT } }),
    )}data: [DONE]\n\n`,
  },
  responses: {
    type: EVENT_STREAM,
    opening: named(
      { type: 'response.created', response: response('in_progress') },
      { type: 'response.output_item.added', output_index: 0, item: { ...ITEM, status: 'in_progress', content: [] } },
      { type: 'response.content_part.added', item_id: ITEM.id, output_index: 0, content_index: 0, part: { type: 'output_text', text: '', annotations: [] } },
    ), // prettier-ignore
    event: named({ type: 'response.output_text.delta', item_id: ITEM.id, output_index: 0, content_index: 0, delta: '{stamp}' }), // prettier-ignore
    closing: named(
      { type: 'response.output_item.done', output_index: 0, item: { ...ITEM, status: 'completed', content: [{ type: 'output_text', text: 'All.', annotations: [] }] } },
      { type: 'response.completed', response: response('completed', { usage: { input_tokens: IN, output_tokens: OUT, total_tokens: IN + OUT } }) },
    ), // prettier-ignore
  },
  anthropic: {
    type: EVENT_STREAM,
    opening: named(
      { type: 'message_start', message: { id: 'msg_bench', type: 'message', role: 'assistant', model: 'claude-bench', content: [], stop_reason: null, usage: { input_tokens: IN, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ), // prettier-ignore
    event: named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '{stamp}' } }),
    closing: named(
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: OUT } },
      { type: 'message_stop' },
    ),
  },
  ollama: {
    type: 'application/x-ndjson',
    opening: lines(ollama('')),
    event: lines(ollama('{stamp}')),
    closing: lines(ollama('', { done: true, done_reason: 'stop', prompt_eval_count: IN, eval_count: OUT })),
  },
  gemini: {
    type: EVENT_STREAM,
    opening: data(gemini('')),
    event: data(gemini('{stamp}')),
    closing: data(gemini('', { finishReason: 'STOP' })),
  },
  cohere: {
    type: EVENT_STREAM,
    opening: named(
      { type: 'message-start', id: 'bench', delta: { message: { role: 'assistant', content: [], tool_calls: [], citations: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
    ), // prettier-ignore
    event: named({ type: 'content-delta', index: 0, delta: { message: { content: { text: '{stamp}' } } } }),
    closing: named(
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { billed_units: { input_tokens: IN, output_tokens: OUT }, tokens: { input_tokens: IN, output_tokens: OUT } } } },
    ), // prettier-ignore
  },
};

/** Models that answer in streams, by the wire, and where their paths begin. */
export const STREAMED: Readonly<Record<string, { readonly upstream: string; readonly path: string }>> = {
  openai: { upstream: 'openai/bench-upstream', path: '/v1' },
  responses: { upstream: 'openai/responses/bench-upstream', path: '/v1' },
  anthropic: { upstream: 'anthropic/claude-sonnet-4-5', path: '' },
  ollama: { upstream: 'ollama_chat/bench-upstream', path: '' },
  gemini: { upstream: 'gemini/gemini-2.5-flash', path: '/v1beta' },
  cohere: { upstream: 'cohere/command-a-03-2025', path: '' },
};

/** Writes the wires as `streams.c` reads them: a file for each, its four parts with the ASCII file separator between. @returns their folder */
export async function writeWires(folder: string): Promise<string> {
  const wires = join(folder, 'wires');
  await mkdir(wires);
  for (const [name, { type, opening, event, closing }] of Object.entries(STREAM_WIRES))
    await writeFile(join(wires, name), [type, opening, event, closing].join('\x1c'));
  return wires;
}
