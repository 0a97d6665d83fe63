import type { Response as ResponseObject, ResponseReasoningItem } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import type { OutwardDialect } from '../../src/core/dialect.ts';
import { foldStream } from '../../src/core/fold-stream.ts';
import type { JsonObject } from '../../src/core/json-object.ts';
import type { Part } from '../../src/core/parts.ts';
import { ProviderError } from '../../src/core/provider-error.ts';
import { createAgents } from '../../src/dialects/agents/index.ts';
import { anthropic, readingMessages } from '../../src/dialects/anthropic/index.ts';
import { createBedrock } from '../../src/dialects/bedrock/index.ts';
import { createCohere } from '../../src/dialects/cohere/index.ts';
import { createGemini, readingContent } from '../../src/dialects/gemini/index.ts';
import { gigachat } from '../../src/dialects/gigachat/index.ts';
import { sap } from '../../src/dialects/sap/index.ts';
import { prompted } from '../../src/dialects/prompted/index.ts';
import { createOci } from '../../src/dialects/oci/index.ts';
import { watsonx } from '../../src/dialects/watsonx/index.ts';
import { ollama } from '../../src/dialects/ollama/index.ts';
import { openai } from '../../src/dialects/openai/index.ts';
import { replicate } from '../../src/dialects/replicate/index.ts';
import { responses } from '../../src/dialects/openai/responses-out/index.ts';
import { readChatAnswer } from '../../src/dialects/openai/chat/read-answer.ts';
import { ChatStreamReader } from '../../src/dialects/openai/chat/stream-reader.ts';
import { readStream } from '../dialects/laws.ts';
import { target } from '../dialects/targets.ts';
import { wireCase, wireCases } from '../dialects/wire-case.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { predictions } from '../support/predictions.ts';
import { wire } from '../support/wire-answers.ts';

const agents = createAgents(() => 'id-1');

/** Every provider's dialect, with a model that speaks it, by folder of fixtures; `tells` is a name that says which form. Agents decide for themselves about tools: what is asked of those is dropped. */
const OUT: Readonly<
  Record<string, { readonly dialect: OutwardDialect; readonly model: string; readonly tells?: string; readonly wire?: string }>
> = {
  openai: { dialect: openai, model: 'openai/gpt-4o' },
  responses: { dialect: responses, model: 'openai/responses/gpt-5.4' },
  anthropic: { dialect: anthropic, model: 'anthropic/claude-sonnet-4-5-20250929' },
  ollama: { dialect: ollama, model: 'ollama_chat/qwen3:8b' },
  cohere: { dialect: createCohere(), model: 'cohere_chat/command-a-03-2025' },
  gemini: { dialect: createGemini(), model: 'gemini/gemini-2.5-flash' },
  watsonx: { dialect: watsonx, model: 'watsonx/ibm/granite-4-h-small' },
  replicate: { dialect: replicate, model: 'replicate/owner/m', tells: 'owner/m' },
  gigachat: { dialect: gigachat, model: 'gigachat/GigaChat-2-Max' },
  sap: { dialect: sap, model: 'sap/gpt-4o' },
  oci: { dialect: createOci(), model: 'oci/meta.llama-3.3-70b-instruct' },
  'oci-cohere': { dialect: createOci(), model: 'oci/cohere.command-r-08-2024', tells: 'cohere.command-r-08-2024' },
  'oci-cohere-v2': { dialect: createOci(), model: 'oci/cohere.command-a-03-2025', tells: 'cohere.command-a-03-2025' },
  bedrock: { dialect: createBedrock(), model: 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0' },
  a2a: { dialect: agents.a2a, model: 'a2a/weather' },
  coze: { dialect: agents.coze, model: 'coze/bot-1' },
  dify: { dialect: agents.dify, model: 'dify/helper' },
  langflow: { dialect: agents.langflow, model: 'langflow/flow-1' },
  langgraph: { dialect: agents.langgraph, model: 'langgraph/agent' },
  // Text in, text out: what its servers cannot do, such as tools, the deployments drop, and no fixture tells of it.
  tgi: { dialect: prompted, model: 'huggingface/text-generation/org/model', wire: 'tgi' },
  sagemaker: { dialect: prompted, model: 'sagemaker/my-endpoint', wire: 'sagemaker' },
  triton: { dialect: prompted, model: 'triton/llama', wire: 'triton' },
  nlp_cloud: { dialect: prompted, model: 'nlp_cloud/llama-3', wire: 'nlp_cloud' },
  bytez: { dialect: prompted, model: 'bytez/google/gemma', wire: 'bytez' },
};

const AWS_KEYS = 'aws_access_key_id: AKIAEXAMPLE00000, aws_secret_access_key: a-secret-access-key, aws_region_name: us-east-1';
const KEYS: Readonly<Record<string, string>> = {
  watsonx: 'token: a-token-of-ibm, project_id: p-1',
  gigachat: 'token: a-token-of-sber',
  sap: 'token: a-token-of-sap, deployment_id: d1',
  bedrock: AWS_KEYS,
  sagemaker: AWS_KEYS,
  oci: 'oci_compartment_id: c-1',
  'oci-cohere': 'oci_compartment_id: c-1',
  'oci-cohere-v2': 'oci_compartment_id: c-1',
};

/** How a client asks, and how it reads what comes. */
interface Surface {
  readonly path: string | ((model: string, stream: boolean) => string);
  body(model: string, stream: boolean): JsonObject;
  /** What a whole answer, or a stream, means. @throws {ProviderError} for an error inside */
  whole(body: unknown): unknown;
  stream(text: string): unknown;
}

const TOOL = { name: 'get_weather', schema: { type: 'object', properties: { city: { type: 'string' } } } };
const HI = [{ role: 'user', content: 'Hi' }];

const generateBody = {
  contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
  tools: [{ functionDeclarations: [{ name: TOOL.name, parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } }] }],
  generationConfig: { thinkingConfig: { includeThoughts: true } },
};

const IN: Readonly<Record<string, Surface>> = {
  chat: {
    path: '/v1/chat/completions',
    body: (model, stream) => ({
      model,
      stream,
      messages: HI,
      tools: [{ type: 'function', function: { name: TOOL.name, parameters: TOOL.schema } }],
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    }),
    whole: (body) => meaningOf(readChatAnswer(body)),
    stream: (text) => meaningOf(foldStream(readStream([text], 'sse', new ChatStreamReader()))),
  },
  messages: {
    path: '/v1/messages',
    body: (model, stream) => ({ model, stream, max_tokens: 500, messages: HI, tools: [{ name: TOOL.name, input_schema: TOOL.schema }] }),
    whole: (body) => meaningOf(readingMessages().answer(body)),
    stream: (text) => meaningOf(foldStream(readStream([text], 'sse', readingMessages().reader()))),
  },
  responses: {
    path: '/v1/responses',
    body: (model, stream) => ({ model, stream, input: 'Hi', tools: [{ type: 'function', name: TOOL.name, parameters: TOOL.schema }] }),
    whole: (body) => meaningOfResponse(body as ResponseObject),
    stream: (text) => meaningOfResponse(lastResponse(text)),
  },
  generateContent: {
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => generateBody,
    whole: (body) => meaningOf(readingContent().answer(body)),
    stream: (text) => meaningOf(foldStream(readStream([text], 'sse', readingContent().reader()))),
  },
  'generateContent, streamed as a list': {
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent' : 'generateContent'}`,
    body: () => generateBody,
    whole: (body) => meaningOf(readingContent().answer(body)),
    stream: (text) => {
      const frames = (JSON.parse(text) as unknown[]).map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
      return meaningOf(foldStream(readStream(frames, 'sse', readingContent().reader())));
    },
  },
};

/** The response that a stream ends with. */
function lastResponse(text: string): ResponseObject {
  const events = text.split('\n\n').filter((event) => event.startsWith('event: '));
  const last = JSON.parse(events.at(-1)?.split('\n')[1]?.slice(6) ?? '') as { response: ResponseObject };
  return last.response;
}

/** A summary, or of open models the thoughts themselves. */
function thoughtIn({ summary, content = [] }: ResponseReasoningItem): string {
  return (summary.length > 0 ? summary : content).map(({ text }) => text).join('');
}

/** The same as {@link meaningOf}, of a response. */
function meaningOfResponse({ output, status, error, incomplete_details: details, usage }: ResponseObject): unknown {
  if (status === 'failed') return { status: Number(error?.code) || 'failed' };
  const contents = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const calls = output
    .filter((item) => item.type === 'function_call')
    .map(({ name, arguments: text }) => [name, JSON.parse(text) as unknown]);
  const refused = contents.some(({ type }) => type === 'refusal') || details?.reason === 'content_filter';
  const ended = details?.reason === 'max_output_tokens' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
  return {
    said: contents.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join(''),
    thought: output.map((item) => (item.type === 'reasoning' ? thoughtIn(item) : '')).join(''),
    calls,
    reason: refused ? 'content_filter' : ended,
    usage: usage && counted(usage.input_tokens, usage.output_tokens, usage.input_tokens_details.cached_tokens),
  };
}

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const rows = Object.entries(OUT).map(
    ([name, { model }]) =>
      `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}", ${KEYS[name] ?? 'api_key: sk-provider'} } }`,
  );
  gateway = await startGateway(
    `model_list:\n${rows.join('\n')}\nlitellm_settings: { drop_params: true }\nrouter_settings: { num_retries: 0, disable_cooldowns: true }\n`,
  );
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Zeros say that nothing was counted, which other dialects say by silence. */
function counted(input: number, output: number, cached: number): unknown {
  return input === 0 && output === 0 ? undefined : { input, output, cached };
}

/** What an answer says, whatever dialect it was told in. */
function meaningOf({ choices, usage }: Answer): unknown {
  const [choice] = choices;
  const parts = choice?.parts ?? [];
  const joined = (...types: Part['type'][]): string =>
    parts.map((part) => (types.includes(part.type) && 'text' in part ? part.text : '')).join('');
  const calls = parts.filter((part) => part.type === 'tool_call').map(({ name, arguments: text }) => [name, JSON.parse(text) as unknown]);
  // A refusal is a part in one dialect and an end in another.
  const reason = parts.some(({ type }) => type === 'refusal') ? 'content_filter' : choice?.finish.reason;
  return {
    said: joined('text', 'refusal'),
    // Parts of a summary are apart in one dialect and have a gap between them in another.
    thought: joined('reasoning').replaceAll('\n\n', ''),
    calls,
    reason: reason === 'stop' && calls.length > 0 ? 'tool_calls' : reason,
    usage: usage && counted(usage.inputTokens, usage.outputTokens, usage.cacheReadTokens ?? 0),
  };
}

/** What the provider says itself, or the status of its error. */
function told(name: string, { dialect, wire: row }: (typeof OUT)[string], asStream: boolean): unknown {
  const { about, response, stream } = wireCase(name);
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hi' }] }];
  const tells = OUT[name.split('/', 1)[0] ?? '']?.tells ?? 'm';
  const to = { ...target(dialect.name, tells), ...(row === undefined ? {} : { wire: row }) };
  const outward = dialect.chat({ model: 'm', messages, stream: asStream, others: {}, extras: {} }, to);
  try {
    if (asStream || (response === undefined && outward.streamsOnly === true))
      return meaningOf(foldStream(readStream([stream], outward.framing, outward.reader())));
    if (about.status !== undefined && about.status >= 400)
      throw dialect.error({ status: about.status, headers: about.headers ?? {}, body: JSON.stringify(response) });
    return meaningOf(outward.answer(response));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { status: error.status };
  }
}

/** As the provider of this dialect answers; a prediction streams from elsewhere, and says no more at its end than the stream did. */
function answering(one: string): Behaviour {
  const { about, response, stream } = wireCase(one);
  if (!one.startsWith('replicate/') || about.status !== undefined) return wire(one);
  const silent = { ...(response as JsonObject), metrics: {} };
  return predictions(() => provider.url, { done: response, ...(stream.length > 0 ? { stream, closing: json(silent) } : {}) });
}

async function heard(surface: Surface, model: string, stream: boolean): Promise<unknown> {
  const path = typeof surface.path === 'string' ? surface.path : surface.path(model, stream);
  const answer = await gateway.call('POST', path, surface.body(model, stream));
  const text = await answer.text();
  if (answer.status !== 200) return { status: answer.status };
  try {
    return stream ? surface.stream(text) : surface.whole(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { status: error.status };
  }
}

/** About lists of models and vectors, and about calls whose arguments are no JSON; and texts to go on from, which are no chat. */
const NO_CHAT = /\/(generation(?:-cut)?|[\w-]*embeddings?|models|show|tags|custom-tool)$/;
/** Agents that answer by a stream, whatever the client wants. */
const STREAM_ALONE: ReadonlySet<string> = new Set(['coze', 'dify']);
const cases = Object.entries(OUT).flatMap(([name, out]) =>
  wireCases(name)
    .filter((one) => !NO_CHAT.test(one) && (wireCase(one).response !== undefined || STREAM_ALONE.has(name)))
    .map((one) => [one, name, out] as const),
);

describe.each(Object.entries(IN))('asked as %s', (_name, surface) => {
  test.each(cases)('%s is told whole', async (one, model, out) => {
    provider.behaviour = answering(one);
    expect(await heard(surface, model, false)).toEqual(told(one, out, false));
  });

  test.each(cases.filter(([one]) => wireCase(one).stream.length > 0))('%s is told as a stream', async (one, model, out) => {
    provider.behaviour = answering(one);
    expect(await heard(surface, model, true)).toEqual(told(one, out, true));
  });
});

/** One conversation, in the words of either client: a picture, two calls and their results. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const CALLS = [
  ['toolu_1', { city: 'Graz' }],
  ['toolu_2', { city: 'Zürich' }],
] as const;
const ASKED: Readonly<Record<string, JsonObject>> = {
  '/v1/chat/completions': {
    max_tokens: 300,
    temperature: 0.5,
    tool_choice: 'required',
    tools: [{ type: 'function', function: { name: TOOL.name, description: 'Weather', parameters: TOOL.schema } }],
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Where is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: CALLS.map(([id, input]) => ({ id, type: 'function', function: { name: TOOL.name, arguments: JSON.stringify(input) } })),
      },
      ...CALLS.map(([id, { city }]) => ({ role: 'tool', tool_call_id: id, content: `rain in ${city}` })),
      { role: 'user', content: 'And now?' },
    ],
  },
  '/v1/responses': {
    max_output_tokens: 300,
    temperature: 0.5,
    tool_choice: 'required',
    tools: [{ type: 'function', name: TOOL.name, description: 'Weather', parameters: TOOL.schema }],
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Where is this?' },
          { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
        ],
      },
      { role: 'assistant', content: [{ type: 'output_text', text: 'I look.', annotations: [] }] },
      ...CALLS.map(([id, input]) => ({ type: 'function_call', call_id: id, name: TOOL.name, arguments: JSON.stringify(input) })),
      ...CALLS.map(([id, { city }]) => ({ type: 'function_call_output', call_id: id, output: `rain in ${city}` })),
      { role: 'user', content: 'And now?' },
    ],
  },
  '/v1/messages': {
    max_tokens: 300,
    temperature: 0.5,
    tool_choice: { type: 'any' },
    tools: [{ name: TOOL.name, description: 'Weather', input_schema: TOOL.schema }],
    system: 'Be brief.',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Where is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'I look.' }, ...CALLS.map(([id, input]) => ({ type: 'tool_use', id, name: TOOL.name, input }))],
      },
      {
        role: 'user',
        content: [
          ...CALLS.map(([id, { city }]) => ({ type: 'tool_result', tool_use_id: id, content: `rain in ${city}` })),
          { type: 'text', text: 'And now?' },
        ],
      },
    ],
  },
  '/v1beta/models/{model}:generateContent': {
    generationConfig: { maxOutputTokens: 300, temperature: 0.5 },
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    tools: [
      {
        functionDeclarations: [{ name: TOOL.name, description: 'Weather', parametersJsonSchema: TOOL.schema }],
      },
    ],
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'Where is this?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }] },
      { role: 'model', parts: [{ text: 'I look.' }, ...CALLS.map(([id, args]) => ({ functionCall: { id, name: TOOL.name, args } }))] },
      {
        role: 'user',
        parts: [
          ...CALLS.map(([id, { city }]) => ({ functionResponse: { id, name: TOOL.name, response: { content: `rain in ${city}` } } })),
          { text: 'And now?' },
        ],
      },
    ],
  },
};

describe('the same conversation, asked in either dialect,', () => {
  test.each(['openai', 'ollama', 'cohere', 'gemini'])('is the same request to %s', async (model) => {
    const sent: JsonObject[] = [];
    for (const [path, body] of Object.entries(ASKED)) {
      provider.behaviour = wire(`${model}/text`);
      const answer = await gateway.call('POST', path.replace('{model}', model), path.includes('{') ? body : { model, ...body });
      expect(answer.status, await answer.text()).toBe(200);
      sent.push(provider.last.json);
    }
    for (const other of sent.slice(1)) expect(other).toEqual(sent[0]);
  });

  const paper = Buffer.from('%PDF-1.4 a page').toString('base64');
  const PAPERS: Readonly<Record<string, JsonObject>> = {
    '/v1/chat/completions': { type: 'file', file: { file_data: `data:application/pdf;base64,${paper}`, filename: 'page.pdf' } },
    '/v1/messages': { type: 'document', title: 'page.pdf', source: { type: 'base64', media_type: 'application/pdf', data: paper } },
  };

  test.each(['openai', 'gemini'])('with a document too, to %s', async (model) => {
    const sent: JsonObject[] = [];
    for (const [path, part] of Object.entries(PAPERS)) {
      provider.behaviour = wire(`${model}/text`);
      const messages = [{ role: 'user', content: [part, { type: 'text', text: 'Sum it up.' }] }];
      const answer = await gateway.call('POST', path, { model, max_tokens: 100, messages });
      expect(answer.status, await answer.text()).toBe(200);
      sent.push(provider.last.json);
    }
    expect(sent[1]).toEqual(sent[0]);
  });
});
