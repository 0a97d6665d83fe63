import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PagedActivityQuery } from '../../src/contract/activity.ts';
import { KeyBody } from '../../src/contract/key.ts';
import { ReportQuery } from '../../src/contract/global-spend.ts';
import { SpendLogsQuery } from '../../src/contract/spend-logs.ts';
import { CHAT_MODELS, forEach, startSurface, type Surface } from './hostile-gateway.ts';
import { BROKEN_BODIES, HOSTILE, placesIn, replacedAt, type Path } from './hostile-values.ts';

/** The corpus of bodies, queries and paths. Well over a thousand cases on the data plane, and as many on the key routes. */
let surface: Surface;
let key: string;

const LONG = 240_000;

beforeAll(async () => {
  surface = await startSurface();
  key = await surface.gateway.key({ max_budget: 1000 });
});

afterEach(() => surface.expectUnharmed(), LONG);

afterAll(() => surface.stop());

async function send(
  method: string,
  path: string,
  body: unknown,
  credential: string | null,
  headers: Record<string, string> = {},
): Promise<number> {
  const answer = await surface.gateway.call(method, path, body, credential, headers);
  const text = await answer.text();
  surface.judge(
    answer.status,
    text,
    `${method} ${path} ${typeof body === 'string' ? body.slice(0, 300) : JSON.stringify(body)?.slice(0, 300)}`,
  );
  return answer.status;
}

const tool = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Tells the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: true,
  },
};

/** A chat request that uses everything there is. */
const CHAT = {
  model: 'fast',
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'developer', content: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    {
      role: 'user',
      name: 'ann',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
        { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }],
      reasoning_content: 'Hm',
      thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 'c2ln' }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ],
  tools: [tool],
  tool_choice: { type: 'function', function: { name: 'weather' } },
  parallel_tool_calls: true,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'answer', strict: true, schema: { type: 'object', properties: { a: { type: ['string', 'null'] } } } },
  },
  stream: false,
  stream_options: { include_usage: true },
  max_tokens: 10,
  max_completion_tokens: 10,
  temperature: 0.5,
  top_p: 0.5,
  top_k: 5,
  n: 1,
  stop: ['x'],
  seed: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logit_bias: { '50256': -100 },
  logprobs: true,
  top_logprobs: 2,
  reasoning_effort: 'low',
  thinking: { type: 'enabled', budget_tokens: 1024 },
  modalities: ['text'],
  audio: { voice: 'alloy', format: 'wav' },
  prediction: { type: 'content', content: 'x' },
  web_search_options: { search_context_size: 'low', user_location: { type: 'approximate', approximate: { country: 'CH' } } },
  service_tier: 'auto',
  store: true,
  user: 'ann',
  metadata: { tags: ['a'], session_id: 's', spend_logs_metadata: { a: 1 }, trace_id: 't' },
  litellm_metadata: { tags: ['b'] },
  tags: ['c'],
  functions: [tool.function],
  function_call: { name: 'weather' },
  timeout: 30,
  request_timeout: 30,
  stream_timeout: 30,
  num_retries: 0,
  max_retries: 0,
  fallbacks: [{ model: 'claude', temperature: 1 }],
  disable_fallbacks: false,
  drop_params: true,
  additional_drop_params: ['user', 'messages[*].name'],
  allowed_openai_params: ['tools'],
  mock_response: 'no',
  extra_headers: { 'x-a': 'b' },
  extra_body: { num_ctx: 10 },
  options: { num_ctx: 10 },
  keep_alive: '5m',
  think: true,
  format: 'json',
};

const EMBEDDINGS = {
  model: 'vectors',
  input: ['a', 'b'],
  dimensions: 2,
  encoding_format: 'float',
  user: 'ann',
  metadata: { tags: ['a'] },
  timeout: 5,
  input_type: 'query',
};

function cases(body: object): (readonly [Path, unknown])[] {
  return placesIn(body).flatMap((place) => HOSTILE.map((value) => [place, value] as const));
}

/** Every place with a third of the values, each place another third; all of them when `EVERY_CASE` is set. */
function someCases(body: object): (readonly [Path, unknown])[] {
  return placesIn(body).flatMap((place, nth) => someOf(HOSTILE, nth).map((value) => [place, value] as const));
}

/** A third of the values, for each place another third. */
function someOf<Value>(values: readonly Value[], nth: number): Value[] {
  const share = process.env['EVERY_CASE'] === undefined ? 3 : 1;
  return values.filter((_, index) => (index + nth) % share === 0);
}

test(
  'a chat request with any value in any place is answered or refused, in every dialect',
  async () => {
    const all = someCases(CHAT);
    expect(all.length).toBeGreaterThan(1000);
    await forEach(all, async ([place, value], index) => {
      const model = CHAT_MODELS[index % CHAT_MODELS.length];
      // Under stream, all of it once more for every seventh case.
      await send('POST', '/v1/chat/completions', replacedAt({ ...CHAT, model, stream: index % 7 === 0 }, place, value), key);
    });
  },
  LONG,
);

test(
  'an embeddings request with any value in any place is answered or refused',
  async () => {
    await forEach(cases(EMBEDDINGS), async ([place, value]) => {
      await send('POST', '/v1/embeddings', replacedAt(EMBEDDINGS, place, value), key);
    });
  },
  LONG,
);

/** A request in Anthropic's dialect that uses everything there is. */
const MESSAGES = {
  model: 'fast',
  max_tokens: 50,
  system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' }, title: 'a' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Graz' } },
      ],
    },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'rain' }], is_error: false }],
    },
  ],
  tools: [{ name: 'get_weather', description: 'd', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }],
  tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  thinking: { type: 'enabled', budget_tokens: 1024 },
  output_config: { effort: 'low' },
  stop_sequences: ['x'],
  temperature: 1,
  top_p: 0.9,
  top_k: 5,
  metadata: { user_id: 'ann', tags: ['a'] },
  service_tier: 'auto',
  timeout: 5,
  num_retries: 0,
};

test(
  'a request in Anthropic’s dialect with any value in any place is answered or refused, before every provider',
  async () => {
    await forEach(someCases(MESSAGES), async ([place, value], index) => {
      const model = CHAT_MODELS[index % CHAT_MODELS.length];
      await send('POST', '/v1/messages', replacedAt({ ...MESSAGES, model, stream: index % 7 === 0 }, place, value), key);
    });
  },
  LONG,
);

test(
  'and one whose tokens are counted',
  async () => {
    await forEach(someCases(MESSAGES), async ([place, value], index) => {
      if (index % 3 === 0) await send('POST', '/v1/messages/count_tokens', replacedAt(MESSAGES, place, value), key);
    });
  },
  LONG,
);

/** A request for a response that uses everything there is. */
const RESPONSE = {
  model: 'fast',
  instructions: 'Be brief.',
  input: [
    { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'x' },
    { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Graz"}' },
    { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'rain' }] },
    { type: 'item_reference', id: 'msg_1' },
  ],
  tools: [
    { type: 'function', name: 'get_weather', parameters: { type: 'object' }, strict: false },
    { type: 'custom', name: 'shell', format: { type: 'text' } },
    { type: 'namespace', name: 'crm', tools: [{ type: 'function', name: 'find' }] },
  ],
  tool_choice: { type: 'function', name: 'get_weather' },
  text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } }, verbosity: 'low' },
  reasoning: { effort: 'low', summary: 'auto' },
  include: ['reasoning.encrypted_content'],
  previous_response_id: null,
  store: true,
  truncation: 'auto',
  max_output_tokens: 50,
  metadata: { a: 'b' },
  timeout: 5,
  num_retries: 0,
};

test(
  'a request for a response with any value in any place is answered or refused, before every provider',
  async () => {
    await forEach(someCases(RESPONSE), async ([place, value], index) => {
      const model = CHAT_MODELS[index % CHAT_MODELS.length];
      await send('POST', '/v1/responses', replacedAt({ ...RESPONSE, model, stream: index % 7 === 0 }, place, value), key);
      if (index % 3 === 0) await send('POST', '/v1/responses/input_tokens', replacedAt({ ...RESPONSE, model }, place, value), key);
    });
  },
  LONG,
);

test(
  'a request that passes as it is, with any value in any place, is passed or refused',
  async () => {
    await forEach(someCases(RESPONSE), async ([place, value], index) => {
      if (index % 3 === 0) await send('POST', '/openai_passthrough/v1/responses', replacedAt(RESPONSE, place, value), key);
    });
  },
  LONG,
);

/** A completion that uses everything there is. */
const COMPLETION = {
  model: 'fast',
  prompt: ['Once', [1, 2]],
  suffix: 'end',
  echo: true,
  best_of: 2,
  logprobs: 1,
  n: 1,
  max_tokens: 5,
  stream: false,
  stream_options: { include_usage: true },
  temperature: 1,
  stop: ['x'],
  logit_bias: { '50256': -100 },
  user: 'ann',
  metadata: { tags: ['a'] },
  drop_params: true,
  timeout: 5,
  num_retries: 0,
  extra_body: { num_ctx: 10 },
};

test(
  'a completion with any value in any place is answered or refused, natively and before every provider',
  async () => {
    await forEach(cases(COMPLETION), async ([place, value], index) => {
      const model = [...CHAT_MODELS, 'text', 'fim'][index % (CHAT_MODELS.length + 2)];
      await send('POST', '/v1/completions', replacedAt({ ...COMPLETION, model, stream: index % 7 === 0 }, place, value), key);
    });
  },
  LONG,
);

/** A request in Google's dialect that uses everything there is. */
const GENERATE = {
  systemInstruction: { parts: [{ text: 'Be brief.' }] },
  contents: [
    {
      role: 'user',
      parts: [
        { text: 'Hi' },
        { inlineData: { mimeType: 'image/png', data: 'aGVsbG8=', displayName: 'a' }, mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } },
        {
          fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' },
          videoMetadata: { fps: 1, startOffset: '1s', endOffset: '2s' },
        },
      ],
    },
    {
      role: 'model',
      parts: [
        { text: 'Hm', thought: true, thoughtSignature: 'bGxtLWdhdGV3YXk6c2lnbmVkOmFudGhyb3BpYzpz' },
        { functionCall: { id: 'call_1', name: 'get_weather', args: { city: 'Graz' } }, thoughtSignature: 'c2ln' },
        { executableCode: { language: 'PYTHON', code: '1' } },
      ],
    },
    { role: 'user', parts: [{ functionResponse: { id: 'call_1', name: 'get_weather', response: { output: 'rain' }, parts: [] } }] },
  ],
  tools: [
    {
      functionDeclarations: [
        {
          name: 'get_weather',
          description: 'd',
          parameters: {
            type: 'OBJECT',
            properties: { city: { type: 'STRING', nullable: true, enum: ['Graz'], minLength: '1' } },
            required: ['city'],
          },
        },
        { name: 'find', parametersJsonSchema: { type: 'object' } },
      ],
      googleSearch: {},
    },
  ],
  toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_weather'] } },
  generationConfig: {
    temperature: 1,
    topP: 0.9,
    topK: 5,
    maxOutputTokens: 50,
    stopSequences: ['x'],
    candidateCount: 1,
    seed: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
    responseLogprobs: true,
    logprobs: 2,
    responseMimeType: 'application/json',
    responseSchema: { type: 'OBJECT', anyOf: [{ type: 'STRING' }], items: { type: 'STRING' } },
    responseModalities: ['TEXT'],
    speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    thinkingConfig: { thinkingBudget: 1024, includeThoughts: true },
  },
  safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  serviceTier: 'standard',
  labels: { a: 'b' },
  user: 'ann',
  timeout: 5,
  num_retries: 0,
};

test(
  'a request in Google’s dialect with any value in any place is answered or refused, before every provider',
  async () => {
    await forEach(someCases(GENERATE), async ([place, value], index) => {
      const model = CHAT_MODELS[index % CHAT_MODELS.length] ?? 'fast';
      const method = index % 7 === 0 ? 'streamGenerateContent' : index % 11 === 0 ? 'countTokens' : 'generateContent';
      await send('POST', `/v1beta/models/${model}:${method}`, replacedAt({ ...GENERATE }, place, value), key);
    });
  },
  LONG,
);

/** A judgement and a ranking that use everything there is. */
const MODERATION = {
  model: 'fast',
  input: [
    { type: 'text', text: 'a' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
  ],
  user: 'ann',
  metadata: { tags: ['a'] },
  timeout: 5,
};
const RERANK = {
  model: 'ranks',
  query: 'Which barks?',
  documents: ['a dog', { text: 'a cat', id: 1 }, { title: 'fish' }],
  top_n: 2,
  return_documents: true,
  rank_fields: ['text'],
  max_tokens_per_doc: 100,
  user: 'ann',
  metadata: { tags: ['a'] },
  drop_params: true,
  timeout: 5,
  extra_body: { truncation: true },
};

test(
  'a judgement and a ranking with any value in any place are answered or refused',
  async () => {
    await forEach(cases(MODERATION), ([place, value]) =>
      send('POST', '/v1/moderations', replacedAt(MODERATION, place, value), key).then(() => undefined),
    );
    await forEach(cases(RERANK), async ([place, value], index) => {
      const model = ['ranks', 'ranks-too', 'ranks-local'][index % 3];
      await send('POST', index % 2 === 0 ? '/v1/rerank' : '/v2/rerank', replacedAt({ ...RERANK, model }, place, value), key);
    });
  },
  LONG,
);

/** A request for vectors in that dialect. */
const EMBED = {
  requests: [
    { model: 'models/vectors', content: { parts: [{ text: 'Hi' }] }, taskType: 'CLUSTERING', title: 'a', outputDimensionality: 2 },
  ],
  timeout: 5,
};

test(
  'and one for vectors',
  async () => {
    await forEach(cases(EMBED), async ([place, value], index) => {
      const model = index % 5 === 0 ? 'flash' : 'vectors';
      await send('POST', `/v1beta/models/${model}:batchEmbedContents`, replacedAt(EMBED, place, value), key);
    });
    const [one = {}] = EMBED.requests;
    await forEach(cases(one), async ([place, value]) => {
      await send('POST', '/v1beta/models/vectors:embedContent', replacedAt(one, place, value), key);
    });
  },
  LONG,
);

/** A request to speak that uses everything there is. */
const SPEECH = {
  model: 'fast',
  input: 'Good evening',
  voice: 'alloy',
  response_format: 'mp3',
  speed: 1,
  instructions: 'Be kind.',
  stream_format: 'audio',
  user: 'ann',
  metadata: { tags: ['a'] },
  timeout: 5,
  fallbacks: ['fast'],
  num_retries: 0,
};

test(
  'a request to speak with any value in any place is answered or refused',
  async () => {
    await forEach(cases(SPEECH), async ([place, value]) => {
      await send('POST', '/v1/audio/speech', replacedAt(SPEECH, place, value), key);
    });
  },
  LONG,
);

/** A request for images with most of what the schema names. */
const IMAGE = {
  model: 'fast',
  prompt: 'A cat',
  n: 1,
  size: '1024x1024',
  quality: 'low',
  style: 'vivid',
  response_format: 'b64_json',
  background: 'auto',
  output_format: 'png',
  output_compression: 90,
  moderation: 'low',
  partial_images: 1,
  user: 'ann',
  extra_body: { seed: 1 },
  metadata: { tags: ['a'] },
  fallbacks: ['fast'],
};

test(
  'a request for images with any value in any place is answered or refused',
  async () => {
    await forEach(cases(IMAGE), async ([place, value]) => {
      await send('POST', '/v1/images/generations', replacedAt(IMAGE, place, value), key);
    });
    const edit = { ...IMAGE, images: [{ image_url: 'https://example.com/a.png' }, { file_id: 'file-1' }], mask: { image_url: 'data:,x' } };
    await forEach(cases(edit), async ([place, value]) => {
      await send('POST', '/v1/images/edits', replacedAt(edit, place, value), key);
    });
  },
  LONG,
);

/** A key body that uses every member of the schema. */
const KEY = {
  key_alias: 'alias', duration: '1h', models: ['fast'], aliases: { a: 'fast' }, config: {}, spend: 0, max_budget: 10, soft_budget: 5, budget_duration: '1d',
  budget_limits: [{ budget_duration: '1d', max_budget: 5 }], budget_id: 'b', budget_fallbacks: {}, throttle_on_budget_exceeded: false,
  model_max_budget: { fast: { max_budget: 1, budget_duration: '1d' } }, temp_budget_increase: 1, temp_budget_expiry: '2026-12-31T00:00:00Z', user_id: 'u', team_id: 't', organization_id: 'o',
  project_id: 'p', agent_id: 'a', metadata: { a: 'b' }, tpm_limit: 1000, rpm_limit: 1000, max_parallel_requests: 10, permissions: {}, blocked: false,
  allowed_routes: ['/v1/models'], key_type: 'default', allowed_cache_controls: [], auto_rotate: true, rotation_interval: '30d', object_permission: {}, access_group_ids: [], policies: [],
  router_settings: {}, tags: ['t'], tpm_limit_type: 'x', rpm_limit_type: 'x', model_rpm_limit: { fast: 1 }, model_tpm_limit: { fast: 1 }, tag_rpm_limit: {}, mcp_rpm_limit: {},
  guardrails: [], prompts: [], disable_global_guardrails: false, allowed_passthrough_routes: [], enforced_params: [],
}; // prettier-ignore

test(
  'a new key with any value in any member is made or refused',
  async () => {
    expect(Object.keys(KeyBody.shape).filter((member) => member !== 'key' && !(member in KEY))).toEqual([]);
    await forEach(cases(KEY), async ([place, value], index) => {
      await send('POST', '/key/generate', replacedAt({ ...KEY, key_alias: `alias-${index}` }, place, value), surface.gateway.masterKey);
    });
  },
  LONG,
);

test(
  'a change of a key with any value in any member is made or refused',
  async () => {
    const own = await surface.gateway.key();
    await forEach(
      [...someCases({ ...KEY, key: own }), ...HOSTILE.map((value) => [['key_type'], value] as const)],
      async ([place, value], index) => {
        await send(
          'POST',
          '/key/update',
          replacedAt({ ...KEY, key_alias: `changed-${index}`, key: own }, place, value),
          surface.gateway.masterKey,
        );
      },
    );
    const info = await surface.gateway.call('GET', `/key/info?key=${own}`);
    expect(info.status).toBe(200);
    await info.text();
  },
  LONG,
);

test(
  'the other key routes take any value in any member',
  async () => {
    const bodies: readonly (readonly [string, object])[] = [
      ['/key/bulk_update', { keys: [{ key: 'sk-nobody-at-all', max_budget: 1, tags: ['t'] }] }],
      ['/global/spend/end_users', { api_key: 'sk-nobody-at-all', startTime: '2026-01-01 00:00:00', endTime: '2026-01-31' }],
      ['/key/delete', { keys: ['sk-nobody-at-all'], key_aliases: ['nobody'] }],
      ['/key/block', { key: 'sk-nobody-at-all' }],
      ['/key/unblock', { key: 'sk-nobody-at-all' }],
      ['/key/regenerate', { key: 'sk-nobody-at-all', new_key: 'sk-new-key-text', grace_period: '1h' }],
      [`/key/${key}/reset_spend`, { reset_to: 0 }],
      ['/key/generate', { key: 'sk-a-key-of-ones-own' }],
    ];
    await forEach(
      bodies.flatMap(([path, body]) => cases(body).map(([place, value]) => [path, replacedAt(body, place, value)] as const)),
      async ([path, body]) => {
        await send('POST', path, body, surface.gateway.masterKey);
      },
    );
  },
  LONG,
);

const CALL_PATHS = [
  '/v1/chat/completions',
  '/chat/completions',
  '/openai/v1/chat/completions',
  '/engines/fast/chat/completions',
  '/v1/engines/fast/chat/completions',
  '/openai/deployments/fast/chat/completions',
  '/v1/embeddings',
  '/embeddings',
  '/engines/vectors/embeddings',
  '/openai/deployments/vectors/embeddings',
  '/v1/responses',
  '/v1/responses/input_tokens',
  '/responses',
  '/v1/messages',
  '/messages',
  '/v1/messages/count_tokens',
  '/openai_passthrough/v1/chat/completions',
  '/v1beta/models/fast:generateContent',
  '/v1beta/models/fast:streamGenerateContent',
  '/models/fast:countTokens',
  '/v1/models/vectors:embedContent',
  '/v1beta/models/vectors:batchEmbedContents',
  '/v1/audio/speech',
  '/audio/speech',
  '/openai/deployments/fast/audio/speech',
  '/v1/images/generations',
  '/images/generations',
  '/openai/deployments/fast/images/generations',
  '/v1/images/edits',
];
const KEY_PATHS = [
  '/key/generate',
  '/key/update',
  '/key/bulk_update',
  '/key/delete',
  '/key/block',
  '/key/unblock',
  '/key/regenerate',
  '/key/sk-nobody-at-all/regenerate',
  '/key/sk-nobody-at-all/reset_spend',
];

test(
  'a body that is no JSON object, or means two things, is refused on every path',
  async () => {
    await forEach(
      [...CALL_PATHS, ...KEY_PATHS, '/global/spend/end_users'].flatMap((path) =>
        BROKEN_BODIES.map(([name, body]) => [path, name, body] as const),
      ),
      async ([path, name, body]) => {
        const answer = await fetch(surface.gateway.url + path, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${path.startsWith('/key/') ? surface.gateway.masterKey : key}`,
            'content-type': 'application/json',
          },
          body: body as string,
        });
        surface.judge(answer.status, await answer.text(), `${path} with ${name}`);
      },
    );
    for (const [name, body] of BROKEN_BODIES.filter(([which]) => /^two models|^too |^depth|never closed/.test(which))) {
      for (const path of ['/v1/chat/completions', '/key/generate'])
        expect(await send('POST', path, body as string, surface.gateway.masterKey), `${name} on ${path}`).toBe(400);
    }
  },
  LONG,
);

test(
  'generated JSON of every shape is answered or refused',
  async () => {
    const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });
    const body = fc.record(
      {
        model: fc.oneof(fc.constantFrom(...CHAT_MODELS), value),
        messages: fc.oneof(
          value,
          fc.array(
            fc.record(
              { role: fc.oneof(fc.constantFrom('user', 'assistant', 'tool', 'system'), value), content: value, tool_calls: value },
              { requiredKeys: [] },
            ),
          ),
        ),
        tools: value,
        stream: fc.boolean(),
        stop: value,
        tool_choice: value,
        response_format: value,
      },
      { requiredKeys: ['model'] },
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...CALL_PATHS), async (generated, path) => {
        await send('POST', path, generated, key);
      }),
      { numRuns: 300, seed: 20_260_102 },
    );
  },
  LONG,
);

const TEXTS = [
  '%00',
  '%ff%fe',
  '%ed%a0%80',
  "'",
  "x'%3B select pg_sleep(5)%3B --",
  '%25',
  '_',
  '%5C',
  '0',
  '-1',
  '1e9',
  '9'.repeat(40),
  'NaN',
  'Infinity',
  '[]',
  '%F0%9F%98%80',
  'a'.repeat(5000),
  '2026-02-30',
  '0000-01-01',
  '9999-12-31',
  '-0001-01-01',
  '2026-01-01T00:00:00Z',
  '1',
];

test(
  'queries and paths take any text',
  async () => {
    const questions: readonly (readonly [string, readonly string[]])[] = [
      ['/spend/logs', ['request_id', 'api_key', 'user_id', 'start_date', 'end_date', 'summarize']],
      ['/panel/summary', ['timezone']],
      ['/ha/v1/snapshot', ['tz']],
      ['/ha/v1/events', ['after']],
      ['/global/spend/logs', ['api_key']],
      ['/global/spend/keys', ['limit']],
      ['/spend/tags', ['start_date', 'end_date']],
      ['/global/activity/exceptions/deployment?start_date=2026-01-01&end_date=2026-01-31', ['model_group']],
      ['/global/spend/tags?start_date=2026-01-01&end_date=2026-01-31', ['tags']],
      ['/global/spend/report', ['start_date', 'end_date']],
      ['/global/spend/report?start_date=2026-01-01&end_date=2026-01-31', Object.keys(ReportQuery.shape).slice(2)],
      ['/global/activity/cache_hits', ['start_date', 'end_date']],
      ['/spend/users', ['user_id']],
      ['/panel/model-use', ['timezone']],
      ['/user/daily/activity', ['start_date', 'end_date']],
      ['/user/daily/activity?start_date=2026-01-01&end_date=2026-01-31', Object.keys(PagedActivityQuery.shape).slice(2)],
      ['/tag/daily/activity/aggregated?start_date=2026-01-01&end_date=2026-01-31', ['tags', 'exclude_tags', 'timezone']],
      ['/panel/key', ['key']],
      ['/panel/key?key=nobody', ['timezone', 'days']],
      ['/spend/logs/v2', ['start_date', 'end_date']],
      ['/spend/logs/v2?start_date=2026-01-01&end_date=2026-12-31', Object.keys(SpendLogsQuery.shape).slice(2)],
      ['/spend/logs/session/ui?session_id=s', ['session_id', 'page', 'page_size', 'sort_order']],
      [
        '/key/list',
        [
          'page',
          'size',
          'user_id',
          'team_id',
          'key_alias',
          'key_hash',
          'sort_by',
          'sort_order',
          'search',
          'return_full_object',
          'expand',
          'state',
          'model',
        ],
      ],
      ['/key/info', ['key']],
      [
        '/audit',
        [
          'page',
          'page_size',
          'changed_by',
          'changed_by_api_key',
          'action',
          'table_name',
          'object_id',
          'start_date',
          'end_date',
          'sort_by',
          'sort_order',
        ],
      ],
      ['/model/info', ['litellm_model_id']],
      ['/model_group/info', ['model_group']],
      ['/v1/models', ['return_wildcard_routes']],
      ['/health', ['model', 'model_id']],
      ['/public/providers', ['details']],
      ['/public/providers/openai/models', ['search', 'page', 'page_size']],
    ];
    const asked = questions.flatMap(([path, names]) =>
      names.flatMap((name, nth) =>
        someOf(TEXTS, nth).map(
          (text) =>
            `${path}${path.includes('?') ? '&' : '?'}${path === '/health' && name === 'model' ? 'model_id=none&' : ''}${name}=${text}`,
        ),
      ),
    );
    const ranges = TEXTS.flatMap((text) => [
      `/spend/logs/ui?start_date=${text}&end_date=2026-01-31`,
      `/spend/logs/ui?start_date=2026-01-01&end_date=${text}`,
      `/spend/logs?start_date=${text}&end_date=2026-01-31`,
      `/spend/logs?start_date=2026-01-01&end_date=${text}`,
      `/spend/logs?start_date=${text}&end_date=${text}&summarize=false`,
    ]);
    const paths = TEXTS.flatMap((text) => [`/v1/models/${text}`, `/models/a/${text}`, `/audit/${text}`, `/spend/logs/ui/${text}`]);
    await forEach([...asked, ...ranges, ...paths], async (target) => {
      await send('GET', target, undefined, surface.gateway.masterKey);
    });
    await forEach(TEXTS, async (text) => {
      await send('POST', `/engines/${text}/chat/completions`, { messages: [] }, key);
      await send('POST', `/openai_passthrough/${text}/x`, {}, key);
      await send('POST', `/key/${text}/regenerate`, {}, surface.gateway.masterKey);
      await send('POST', `/key/${text}/reset_spend`, { reset_to: 0 }, surface.gateway.masterKey);
    });
  },
  LONG,
);

test(
  'the routes of people, their log-in and their chat take any value in any member',
  async () => {
    const person = {
      user_id: 'made', user_email: 'made@example.com', user_alias: 'Made', user_role: 'internal_user', sso_user_id: 's',
      models: ['fast'], max_budget: 1, budget_duration: '30d', model_max_budget: { fast: { max_budget: 1, budget_duration: '1d' } },
      tpm_limit: 1, rpm_limit: 1, max_parallel_requests: 1, metadata: { a: 1 }, spend: 0, auto_create_key: true, key_alias: 'made-key',
      duration: '1h', aliases: { a: 'fast' }, config: {}, permissions: {},
    }; // prettier-ignore
    const chat = { as: null, body: { model: 'fast', messages: [{ role: 'user', content: 'Hi' }], stream: false } };
    const bodies: readonly (readonly [string, object])[] = [
      ['/user/new', person],
      ['/user/update', person],
      ['/user/update', { user_id: 'made', password: 'long enough' }],
      ['/user/delete', { user_ids: ['nobody'] }],
      ['/panel/chat', chat],
      ['/v2/login', { username: 'admin' }],
      ['/logout', {}],
    ];
    await forEach(
      bodies.flatMap(([path, body]) => cases(body).map(([place, value]) => [path, replacedAt(body, place, value)] as const)),
      async ([path, body]) => {
        await send('POST', path, body, surface.gateway.masterKey);
      },
    );
    expect((await surface.gateway.call('GET', '/user/list?page_size=100')).status).toBe(200);
  },
  LONG,
);

/** A model that uses everything there is, and answers by itself. */
const MODEL = {
  model_name: 'made',
  litellm_params: {
    model: 'openai/upstream',
    api_base: 'http://127.0.0.1:9/v1',
    api_key: 'sk-made-of-nothing',
    custom_llm_provider: 'openai',
    litellm_credential_name: 'made',
    organization: ['a', 'b'],
    input_cost_per_token: 0.1,
    tiered_pricing: [{ range: [0, 10], input_cost_per_token: 0.1 }],
    rpm: 1,
    timeout: 3,
    weight: 1,
    order: 1,
    extra_headers: { 'x-a': 'b' },
    ssl_verify: true,
    mock_response: 'x',
  },
  model_info: { id: 'made', mode: 'chat', base_model: 'gpt-4o', access_groups: ['a'], max_tokens: 10, supports_vision: true },
};

test(
  'questions of cost take any value in any member',
  async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10, prompt_tokens_details: { cached_tokens: 1 } };
    const bodies: readonly (readonly [string, object])[] = [
      ['/spend/calculate', { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] }],
      ['/spend/calculate', { completion_response: { model: 'fast', service_tier: 'flex', usage } }],
      ['/cost/estimate', { model: 'fast', input_tokens: 1, output_tokens: 1, num_requests_per_day: 1, num_requests_per_month: 1 }],
    ];
    await forEach(
      bodies.flatMap(([path, body]) => cases(body).map(([place, value]) => [path, replacedAt(body, place, value)] as const)),
      async ([path, body]) => {
        await send('POST', path, body, surface.gateway.masterKey);
      },
    );
  },
  LONG,
);

// The last but one: what it makes stays, and a model may be called `*`.
test(
  'the routes of models and credentials take any value in any member',
  async () => {
    const credential = {
      credential_name: 'made',
      credential_values: { api_key: 'sk-made-of-nothing' },
      credential_info: { description: 'x' },
    };
    const bodies: readonly (readonly [string, string, object])[] = [
      ['POST', '/model/new', MODEL],
      ['PATCH', '/model/made/update', MODEL],
      ['POST', '/model/update', MODEL],
      ['POST', '/credentials', credential],
      ['PATCH', '/credentials/made', credential],
      ['POST', '/credentials/github_copilot/device/nobody', { credential_name: 'signed-in' }],
      ['POST', '/model/delete', { id: 'nobody' }],
      ['POST', '/model/block', { model_id: 'made' }],
      ['POST', '/model/unblock', { model_id: 'made' }],
    ];
    await forEach(
      bodies.flatMap(([method, path, body]) =>
        someCases(body).map(([place, value]) => [method, path, replacedAt(body, place, value)] as const),
      ),
      async ([method, path, body]) => {
        await send(method, path, body, surface.gateway.masterKey);
      },
    );
    expect((await surface.gateway.call('GET', '/v2/model/info?size=1000')).status).toBe(200);
    expect((await surface.gateway.call('GET', '/credentials')).status).toBe(200);
  },
  LONG,
);

test(
  'the routes that try models and look for servers take any value in any member',
  async () => {
    const bodies: readonly (readonly [string, object])[] = [
      ['/health/test_connection', { litellm_params: MODEL.litellm_params, mode: 'chat', model_info: MODEL.model_info }],
      ['/panel/local-servers/look', { addresses: [], forget: ['127.0.0.1:9'] }],
    ];
    for (const [path, body] of bodies)
      await forEach(cases(body), async ([place, value]) => {
        await send('POST', path, replacedAt(body, place, value), surface.gateway.masterKey);
      });
  },
  LONG,
);
