/** A short answer in each provider's own words, cut into the events in which it would arrive. */
export interface Wire {
  /** Name of the model group, and of the provider's dialect. */
  readonly group: 'openai' | 'anthropic' | 'ollama' | 'cohere' | 'gemini';
  /** Paths that chat calls reach. */
  readonly paths: readonly string[];
  readonly streamType: string;
  /** A whole answer. `usage` undefined: the honest one (10 in, 5 out); null: none. */
  whole(text: string, usage?: Counts | null): Record<string, unknown>;
  /** Events before the text. */
  head(): string[];
  piece(text: string): string;
  /** Events behind the text, with the honest usage unless told otherwise. */
  tail(usage?: Counts | null): string[];
  /** The last event, without which the answer is whole all the same; null: there is none such. */
  readonly closing: string | null;
  /** Whether its stream says that it is over; another's is over when the connection closes. */
  readonly saysEnd: boolean;
  /** An event that tells an error of the provider, and the status it means. */
  readonly error: { readonly event: string; readonly status: number };
}

/** What the provider claims to have counted. Anything at all, for providers that lie. */
export interface Counts {
  readonly input: unknown;
  readonly output: unknown;
}

export const HONEST: Counts = { input: 10, output: 5 };

function openaiChunk(choices: unknown[], more: Record<string, unknown> = {}): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_730_000_000, model: 'm', choices, ...more })}\n\n`;
}

function openaiUsage({ input, output }: Counts): Record<string, unknown> {
  return { prompt_tokens: input, completion_tokens: output };
}

const openai: Wire = {
  group: 'openai',
  paths: ['/v1/chat/completions'],
  streamType: 'text/event-stream',
  whole: (text, usage = HONEST) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_730_000_000,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    ...(usage === null ? {} : { usage: openaiUsage(usage) }),
  }),
  head: () => [openaiChunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }])],
  piece: (content) => openaiChunk([{ index: 0, delta: { content }, finish_reason: null }]),
  tail: (usage = HONEST) => [
    openaiChunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    ...(usage === null ? [] : [openaiChunk([], { usage: openaiUsage(usage) })]),
    'data: [DONE]\n\n',
  ],
  closing: 'data: [DONE]\n\n',
  saysEnd: true,
  error: { event: 'data: {"error":{"message":"Slow down","type":"rate_limit_exceeded","code":"rate_limit_exceeded"}}\n\n', status: 429 },
};

function anthropicEvent(type: string, members: Record<string, unknown> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', stop_sequence: null };

const anthropic: Wire = {
  group: 'anthropic',
  paths: ['/v1/messages'],
  streamType: 'text/event-stream',
  whole: (text, usage = HONEST) => ({
    ...MESSAGE,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    ...(usage === null ? {} : { usage: { input_tokens: usage.input, output_tokens: usage.output } }),
  }),
  head: () => [
    anthropicEvent('message_start', { message: { ...MESSAGE, content: [], stop_reason: null } }),
    anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  ],
  piece: (text) => anthropicEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  tail: (usage = HONEST) => [
    anthropicEvent('content_block_stop', { index: 0 }),
    anthropicEvent('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      ...(usage === null ? {} : { usage: { input_tokens: usage.input, output_tokens: usage.output } }),
    }),
    anthropicEvent('message_stop'),
  ],
  closing: anthropicEvent('message_stop'),
  saysEnd: true,
  error: { event: anthropicEvent('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }), status: 529 },
};

function ollamaLine(members: Record<string, unknown>): string {
  return `${JSON.stringify({ model: 'm', created_at: '2026-03-01T08:00:00Z', ...members })}\n`;
}

function ollamaEnd(content: string, usage: Counts | null): Record<string, unknown> {
  return {
    message: { role: 'assistant', content },
    done: true,
    done_reason: 'stop',
    ...(usage === null ? {} : { prompt_eval_count: usage.input, eval_count: usage.output }),
  };
}

const ollama: Wire = {
  group: 'ollama',
  paths: ['/api/chat'],
  streamType: 'application/x-ndjson',
  whole: (text, usage = HONEST) => ({ model: 'm', created_at: '2026-03-01T08:00:00Z', ...ollamaEnd(text, usage) }),
  head: () => [],
  piece: (content) => ollamaLine({ message: { role: 'assistant', content }, done: false }),
  tail: (usage = HONEST) => [ollamaLine(ollamaEnd('', usage))],
  closing: null,
  saysEnd: true,
  error: { event: '{"error":"model runner has unexpectedly stopped"}\n', status: 500 },
};

function cohereEvent(type: string, message: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, index: 0, delta: { message } })}\n\n`;
}

function cohereEnd(usage: Counts | null): Record<string, unknown> {
  const counts = usage && { input_tokens: usage.input, output_tokens: usage.output };
  return { finish_reason: 'COMPLETE', ...(counts === null ? {} : { usage: { tokens: counts, billed_units: counts } }) };
}

const cohere: Wire = {
  group: 'cohere',
  paths: ['/v2/chat'],
  streamType: 'text/event-stream',
  whole: (text, usage = HONEST) => ({ id: 'c-1', message: { role: 'assistant', content: [{ type: 'text', text }] }, ...cohereEnd(usage) }),
  head: () => [
    `event: message-start\ndata: {"type":"message-start","id":"c-1","delta":{"message":{"role":"assistant"}}}\n\n`,
    cohereEvent('content-start', { content: { type: 'text', text: '' } }),
  ],
  piece: (text) => cohereEvent('content-delta', { content: { text } }),
  tail: (usage = HONEST) => [
    'event: content-end\ndata: {"type":"content-end","index":0}\n\n',
    `event: message-end\ndata: ${JSON.stringify({ type: 'message-end', delta: cohereEnd(usage) })}\n\n`,
  ],
  closing: null,
  saysEnd: true,
  error: { event: 'event: error\ndata: {"message":"internal server error, this has been reported to our developers"}\n\n', status: 500 },
};

function geminiFrame(members: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ ...members, modelVersion: 'm', responseId: 'r' })}\n\n`;
}

function geminiCandidate(text: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }] };
}

function geminiUsage({ input, output }: Counts): Record<string, unknown> {
  return { usageMetadata: { promptTokenCount: input, candidatesTokenCount: output } };
}

const gemini: Wire = {
  group: 'gemini',
  paths: ['/v1beta/models/m:generateContent', '/v1beta/models/m:streamGenerateContent?alt=sse'],
  streamType: 'text/event-stream',
  whole: (text, usage = HONEST) => ({
    ...geminiCandidate(text, { finishReason: 'STOP' }),
    modelVersion: 'm',
    responseId: 'r',
    ...(usage === null ? {} : geminiUsage(usage)),
  }),
  head: () => [],
  piece: (text) => geminiFrame(geminiCandidate(text)),
  tail: (usage = HONEST) => [
    geminiFrame({ ...geminiCandidate('', { finishReason: 'STOP' }), ...(usage === null ? {} : geminiUsage(usage)) }),
  ],
  closing: null,
  saysEnd: false,
  error: { event: 'data: {"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}\n\n', status: 429 },
};

export const WIRES: readonly Wire[] = [openai, anthropic, ollama, cohere, gemini];

/** The whole stream of an honest provider. */
export function events(wire: Wire, pieces: readonly string[], usage?: Counts | null): string[] {
  return [...wire.head(), ...pieces.map((piece) => wire.piece(piece)), ...wire.tail(usage)];
}

/** Rows of a `model_list` that lead to a fake provider in each dialect, one group each; 0.000001 and 0.000002 USD a token. */
export function modelList(origin: string, more = ''): string {
  const row = (group: string, model: string, base: string): string =>
    `  - model_name: ${group}\n    litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-provider, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002${more} }\n`;
  return `model_list:\n${row('openai', 'openai/m', `${origin}/v1`)}${row('anthropic', 'anthropic/m', origin)}${row('ollama', 'ollama_chat/m', origin)}${row('cohere', 'cohere_chat/m', origin)}${row('gemini', 'gemini/m', origin)}`;
}
