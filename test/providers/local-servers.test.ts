import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { loadCatalogue, type Catalogue } from '../../src/providers/catalogue/catalogue.ts';
import { placeOf, serverAddress, usualAddresses } from '../../src/providers/local/addresses.ts';
import type { FoundServer } from '../../src/providers/local/found.ts';
import { ownHosts } from '../../src/providers/local/own-hosts.ts';
import { Questions } from '../../src/providers/local/questions.ts';
import { readyModel } from '../../src/providers/local/ready-params.ts';
import { recognised } from '../../src/providers/local/recognise.ts';
import { Transport } from '../../src/providers/transport/transport.ts';

let catalogue: Catalogue;
const servers: Server[] = [];
const asked: string[] = [];

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

afterEach(() => {
  asked.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Answers by path; everything else is a 404. A function is given the request's body. */
type Wire = Readonly<Record<string, unknown>>;

async function served(
  wire: Wire,
  headers: Record<string, string> = {},
  other: [number, unknown] = [404, { error: 'not found' }],
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push(`${request.method} ${path}`);
      const found = wire[path];
      const body = typeof found === 'function' ? (found as (body: string) => unknown)(Buffer.concat(chunks).toString()) : found;
      response.writeHead(body === undefined ? other[0] : 200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body ?? other[1]));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What is recognised at an address. @param port the one it is believed to have */
async function at(address: string, port = '9', named = false): Promise<FoundServer | null> {
  const transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  try {
    const found = await recognised(new Questions({ clock: systemClock, transport }, address), port, named);
    return found && { ...found, address };
  } finally {
    await transport.stop();
  }
}

/** What `POST /model/new` would be sent for the first model. */
function ready(server: FoundServer | null, index = 0): unknown {
  const model = server?.models[index];
  return server && model ? readyModel(server, model, catalogue) : null;
}

const entry = (id: string, more: object = {}) => ({ id, object: 'model', created: 1, ...more });

describe('servers are recognised by what they answer', () => {
  test('Ollama, with what each model can do', async () => {
    const shown: Record<string, unknown> = {
      'qwen3:8b': {
        capabilities: ['completion', 'tools', 'thinking'],
        model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40960 },
      },
      'nomic-embed-text:latest': {
        capabilities: ['embedding'],
        model_info: { 'general.architecture': 'bert', 'bert.context_length': 2048 },
      },
    };
    const address = await served({
      '/v1/models': { object: 'list', data: [entry('qwen3:8b', { owned_by: 'library' })] },
      '/api/version': { version: '0.17.4' },
      '/api/tags': {
        models: [
          { name: 'qwen3:8b', model: 'qwen3:8b', size: 5225388164, details: { parameter_size: '8.2B', quantization_level: 'Q4_K_M' } },
          { name: 'nomic-embed-text:latest', size: 274302450 },
          { name: 'kimi-k2:1t-cloud', remote_host: 'https://ollama.com:443' },
        ],
      },
      '/api/show': (body: string) => shown[(JSON.parse(body) as { model: string }).model],
    });
    const found = await at(address);
    expect(found).toMatchObject({ kind: 'ollama', version: '0.17.4', locked: false });
    expect(found?.models).toMatchObject([
      { id: 'qwen3:8b', mode: 'chat', contextLength: 40960, tools: true, reasoning: true, vision: false, sizeBytes: 5225388164, parameters: '8.2B', remote: false },
      { id: 'nomic-embed-text:latest', mode: 'embedding', contextLength: 2048 },
      { id: 'kimi-k2:1t-cloud', mode: 'chat', remote: true },
    ]); // prettier-ignore
    expect(ready(found)).toEqual({
      model_name: 'qwen3:8b',
      litellm_params: { model: 'ollama_chat/qwen3:8b', api_base: address },
      model_info: {
        mode: 'chat',
        supports_function_calling: true,
        supports_vision: false,
        supports_reasoning: true,
        max_input_tokens: 40960,
      },
    });
    expect(ready(found, 1)).toMatchObject({
      litellm_params: { model: 'ollama/nomic-embed-text:latest' },
      model_info: { mode: 'embedding' },
    });
  });

  test('Ollama without a model', async () => {
    const address = await served({
      '/v1/models': { object: 'list', data: null },
      '/api/version': { version: '0.17.4' },
      '/api/tags': { models: [] },
    });
    expect(await at(address)).toMatchObject({ kind: 'ollama', models: [] });
  });

  test('LM Studio by its own list', async () => {
    const models = [
      {
        type: 'llm',
        key: 'qwen/qwen3-vl-8b',
        size_bytes: 6190000000,
        params_string: '8B',
        max_context_length: 262144,
        quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
        loaded_instances: [{ id: 'qwen/qwen3-vl-8b', config: { context_length: 8192 } }],
        capabilities: { vision: true, trained_for_tool_use: true },
      },
      { type: 'embedding', key: 'text-embedding-nomic-embed-text-v1.5', max_context_length: 2048, loaded_instances: [] },
    ];
    const unknown: [number, unknown] = [200, { error: 'Unexpected endpoint or method. (GET /x)' }];
    const address = await served({ '/v1/models': { data: [entry('qwen/qwen3-vl-8b')] }, '/api/v1/models': { models } }, {}, unknown);
    const found = await at(address);
    expect(found?.kind).toBe('lm_studio');
    expect(found?.models).toMatchObject([
      { id: 'qwen/qwen3-vl-8b', mode: 'chat', contextLength: 8192, vision: true, tools: true, reasoning: null, loaded: true, quantization: 'Q4_K_M' },
      { id: 'text-embedding-nomic-embed-text-v1.5', mode: 'embedding', contextLength: 2048, vision: null, loaded: false },
    ]); // prettier-ignore
    expect(ready(found)).toMatchObject({
      model_name: 'qwen/qwen3-vl-8b',
      litellm_params: { model: 'lm_studio/qwen/qwen3-vl-8b', api_base: `${address}/v1` },
    });
  });

  test('an older LM Studio', async () => {
    const data = [
      { id: 'qwen2-vl-7b-instruct', object: 'model', type: 'vlm', state: 'not-loaded', max_context_length: 32768, quantization: '4bit' },
      {
        id: 'text-embedding-nomic',
        object: 'model',
        type: 'embeddings',
        state: 'loaded',
        max_context_length: 2048,
        loaded_context_length: 512,
      },
    ];
    const found = await at(await served({ '/v1/models': { data: data.map(({ id }) => entry(id)) }, '/api/v0/models': { data } }));
    expect(found).toMatchObject({
      kind: 'lm_studio',
      models: [
        { mode: 'chat', vision: true, tools: null, contextLength: 32768, loaded: false },
        { mode: 'embedding', vision: false, contextLength: 512, loaded: true },
      ],
    });
  });

  test('llama.cpp with one model, which may be named by its file', async () => {
    const props = {
      default_generation_settings: { n_ctx: 8192 },
      modalities: { vision: true, audio: false },
      chat_template: '{{ messages }}<think>',
      chat_template_caps: { supports_tools: true },
      build_info: 'b7200-abc',
    };
    const meta = { n_ctx_train: 131072, n_params: 7_615_616_512, size: 4_677_120_000 };
    const data = [entry('/models/Qwen2.5-7B.Q4_K_M.gguf', { owned_by: 'llamacpp', meta })];
    const found = await at(await served({ '/v1/models': { data }, '/props': props }, { server: 'llama.cpp' }));
    expect(found).toMatchObject({ kind: 'llamacpp', version: 'b7200-abc' });
    expect(found?.models).toMatchObject([
      { contextLength: 8192, vision: true, tools: true, reasoning: true, parameters: '7.6B', sizeBytes: 4_677_120_000 },
    ]);
    expect(ready(found)).toMatchObject({
      model_name: 'Qwen2.5-7B.Q4_K_M',
      litellm_params: { model: 'llamacpp//models/Qwen2.5-7B.Q4_K_M.gguf' },
    });
  });

  test('llama.cpp as a router: models that rest are not woken up', async () => {
    const data = [
      entry('ggml-org/gemma-3-4b-it-GGUF:Q4_K_M', { owned_by: 'llamacpp', status: { value: 'loaded' } }),
      entry('ggml-org/gpt-oss-20b-GGUF', { owned_by: 'llamacpp', status: { value: 'unloaded' } }),
    ];
    const loaded = '/props?model=ggml-org%2Fgemma-3-4b-it-GGUF%3AQ4_K_M&autoload=false';
    const found = await at(
      await served({
        '/v1/models': { data },
        '/props': { role: 'router', build_info: 'b7300' },
        [loaded]: { default_generation_settings: { n_ctx: 4096 }, modalities: { vision: true } },
      }),
    );
    expect(found?.models).toMatchObject([
      { contextLength: 4096, vision: true, loaded: true },
      { contextLength: null, vision: null, loaded: false },
    ]);
    expect(asked.filter((question) => question.includes('model='))).toEqual([`GET ${loaded}`]);
  });

  test('vLLM, with the context size of each model', async () => {
    const data = [
      entry('Qwen/Qwen3-8B', { owned_by: 'vllm', max_model_len: 40960 }),
      entry('BAAI/bge-m3', { owned_by: 'vllm', max_model_len: 8192 }),
    ];
    const found = await at(await served({ '/v1/models': { data }, '/version': { version: '0.16.0' } }, { server: 'uvicorn' }));
    expect(found).toMatchObject({
      kind: 'hosted_vllm',
      version: '0.16.0',
      models: [{ mode: 'chat', contextLength: 40960 }, { mode: 'embedding' }],
    });
    expect(ready(found)).toMatchObject({ litellm_params: { model: 'hosted_vllm/Qwen/Qwen3-8B' } });
  });

  test('LocalAI, also when it speaks as Ollama does', async () => {
    const found = await at(
      await served({
        '/v1/models': { object: 'list', data: [entry('gemma-3-4b'), entry('whisper-1')] },
        '/system': { backends: ['llama-cpp'], loaded_models: [] },
        '/version': { version: '4.9.0 (abc)' },
        '/api/version': { version: '0.9.0' },
        '/api/tags': { models: [{ name: 'gemma-3-4b' }] },
      }),
    );
    expect(found).toMatchObject({ kind: 'localai', version: '4.9.0 (abc)', models: [{ mode: 'chat' }, { mode: 'audio_transcription' }] });
  });

  test('Jan at its port, and anything else that speaks to OpenAI clients', async () => {
    const address = await served({ '/v1/models': { object: 'list', data: [entry('jan-v3-4b')] } });
    const jan = await at(address, '1337');
    expect(jan?.kind).toBe('jan');
    expect(ready(jan)).toMatchObject({ litellm_params: { model: 'jan/jan-v3-4b', api_base: `${address}/v1` } });
    expect(ready(await at(address))).toMatchObject({ litellm_params: { model: 'openai_like/jan-v3-4b', api_base: `${address}/v1` } });
  });

  test('a server that asks for a key, where that says enough', async () => {
    const address = await served({}, {}, [401, { error: 'Unauthorized' }]);
    expect(await at(address, '1234')).toMatchObject({ kind: 'lm_studio', locked: true, models: [] });
    expect(await at(address, '8080')).toBeNull();
    expect(await at(address, '8080', true)).toMatchObject({ kind: 'openai_like', locked: true });
  });

  test('nothing, where something else answers, lies, or nobody does', async () => {
    expect(await at(await served({}))).toBeNull();
    expect(await at(await served({ '/v1/models': { data: 'x' } }))).toBeNull();
    expect(await at(await served({ '/v1/models': [] }))).toBeNull();
    expect(await at('http://127.0.0.1:9')).toBeNull();
  });
});

describe('where servers are looked for', () => {
  const resolve = (addresses: string[]) => () => Promise.resolve(addresses.map((address) => ({ address })));
  const nobody = () => Promise.reject(new Error('ENOTFOUND'));
  const routes = () => 'Iface\tDestination\tGateway\tFlags\neth0\t00201EAC\t00000000\t0001\neth0\t00000000\t01201EAC\t0003\n';

  test('on a machine alone: there', async () => {
    expect(await ownHosts({ resolve: nobody, inContainer: () => false, routes })).toEqual(['localhost']);
  });

  test('in a container: on its host too, by one name', async () => {
    expect(await ownHosts({ resolve: nobody, inContainer: () => true, routes })).toEqual(['localhost', '172.30.32.1']);
    expect(await ownHosts({ resolve: resolve(['172.30.32.1']), inContainer: () => true, routes })).toEqual([
      'localhost',
      'host.docker.internal',
    ]);
    expect(await ownHosts({ resolve: nobody, inContainer: () => true, routes: () => '' })).toEqual(['localhost']);
  });

  test('at the ports that such servers use', () => {
    expect(usualAddresses(['localhost'])).toEqual(
      expect.arrayContaining(['http://localhost:11434', 'http://localhost:1234', 'http://localhost:1337']),
    );
    expect(usualAddresses(['fd00::1'])).toContain('http://[fd00::1]:8080');
  });

  test.each([
    ['192.168.1.20:11434', 'http://192.168.1.20:11434'],
    [' http://nas.lan:8080/v1/ ', 'http://nas.lan:8080'],
    ['https://models.example.org/ollama/api', 'https://models.example.org/ollama'],
    ['nas.lan', 'http://nas.lan'],
    ['ftp://nas.lan', null],
    ['http://ann:word@nas.lan', null],
    ['', null],
    ['http://', null],
  ])('an address written %j is %j', (written, address) => {
    expect(serverAddress(written)).toBe(address);
  });

  test('names of this machine are one place', () => {
    expect(
      new Set(['http://localhost:1234/v1', 'http://127.0.0.1:1234', 'http://[::1]:1234/', 'http://0.0.0.0:1234'].map(placeOf)).size,
    ).toBe(1);
    expect(placeOf('http://10.0.0.1')).not.toBe(placeOf('https://10.0.0.1'));
  });
});
