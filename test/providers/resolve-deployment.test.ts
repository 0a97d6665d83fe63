import { describe, expect, test } from 'vitest';
import { expandOrganizations, mergeHeaders, urlOf } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

describe('whose model it is', () => {
  test.each([
    ['openai/gpt-4o', 'openai', 'gpt-4o'],
    ['gpt-4o', 'openai', 'gpt-4o'],
    ['o4-mini', 'openai', 'o4-mini'],
    ['text-embedding-3-small', 'openai', 'text-embedding-3-small'],
    ['claude-sonnet-4-5', 'anthropic', 'claude-sonnet-4-5'],
    ['ollama_chat/qwen3:8b', 'ollama', 'qwen3:8b'],
    ['ollama/library/qwen3', 'ollama', 'library/qwen3'],
    ['openrouter/anthropic/claude-sonnet-4.5', 'openrouter', 'anthropic/claude-sonnet-4.5'],
    ['openrouter/auto', 'openrouter', 'openrouter/auto'],
    ['fireworks_ai/llama-v3p1-8b', 'fireworks_ai', 'accounts/fireworks/models/llama-v3p1-8b'],
    ['fireworks_ai/accounts/me/models/mine', 'fireworks_ai', 'accounts/me/models/mine'],
    ['huggingface/together/meta-llama/Llama-3.3-70B', 'huggingface', 'meta-llama/Llama-3.3-70B:together'],
    ['huggingface/meta-llama/Llama-3.3-70B', 'huggingface', 'meta-llama/Llama-3.3-70B'],
    ['clarifai/openai.chat-completion.gpt-4o', 'clarifai', 'https://clarifai.com/openai/chat-completion/models/gpt-4o'],
  ])('%s is asked at %s as %s', (model, provider, upstream) => {
    const resolved = resolve({ model, api_key: 'sk-1' });
    expect([resolved.provider, resolved.model]).toEqual([provider, upstream]);
  });

  test('a bare Gemini is asked at AI Studio where its key alone is there', () => {
    const env = { GEMINI_API_KEY: 'k' };
    const resolved = resolve({ model: 'gemini-2.5-flash' }, env);
    expect([resolved.provider, resolved.model, resolved.credentials]).toEqual(['gemini', 'gemini-2.5-flash', { 'x-goog-api-key': 'k' }]);
    expect(() => resolve({ model: 'gemini-2.5-flash' }, { ...env, GOOGLE_APPLICATION_CREDENTIALS: '/x.json' })).toThrow(/Vertex/);
  });

  test('keeps the prefix as the owner wrote it', () => {
    expect(resolve({ model: 'ollama_chat/qwen3' }).written).toBe('ollama_chat');
  });

  test('lets custom_llm_provider win over the prefix', () => {
    const resolved = resolve({ model: 'meta-llama/Llama-3.3', custom_llm_provider: 'groq', api_key: 'k' });
    expect([resolved.provider, resolved.model]).toEqual(['groq', 'meta-llama/Llama-3.3']);
    expect(resolve({ model: 'groq/llama', custom_llm_provider: 'groq', api_key: 'k' }).model).toBe('llama');
  });

  test('speaks OpenAI to an unknown prefix with an api_base, and says so', () => {
    const resolved = resolve({ model: 'Qwen/Qwen3-8B', api_base: 'http://10.0.0.5:8000/v1' });
    expect([resolved.provider, resolved.dialect, resolved.model]).toEqual(['openai_like', 'openai', 'Qwen/Qwen3-8B']);
    expect(resolved.warnings).toEqual([expect.stringContaining('"Qwen" is no provider we know')]);
  });

  test('speaks OpenAI to a bare name with an api_base without a word', () => {
    expect(resolve({ model: 'my-model', api_base: 'http://10.0.0.5:8000/v1' }).warnings).toEqual([]);
  });

  test.each([
    [
      { model: 'nobody/x' },
      '"nobody" is no provider we know: correct the prefix of "nobody/x", or set api_base for an OpenAI-compatible server.',
    ],
    [{ model: 'my-model' }, 'It is not known whose model "my-model" is: write <provider>/my-model, or set api_base.'],
    [{}, 'litellm_params.model is missing.'],
    [{ model: 'openai/' }, '"openai/" names no model.'],
    [{ model: 'brave/web', api_key: 'k' }, 'Brave Search cannot be called: it searches the web and has no models.'],
    [{ model: 'gemini-2.5-pro' }, 'Google Vertex AI needs vertex_project or VERTEXAI_PROJECT, or an api_key of express mode.'],
    [{ model: 'openai/gpt-4o' }, 'OpenAI needs a key: set api_key or OPENAI_API_KEY.'],
    [{ model: 'cloudflare/@cf/m', api_key: 'k' }, 'Cloudflare Workers AI needs account_id or CLOUDFLARE_ACCOUNT_ID, or an api_base.'],
    [{ model: 'litellm_proxy/x', api_key: 'k' }, 'LiteLLM Proxy has no address of its own: set api_base or LITELLM_PROXY_API_BASE.'],
    [{ model: 'openai/x', api_base: 'ftp://host' }, 'api_base is no http or https address.'],
    [{ model: 'openai/x', api_key: 'a\r\nb: c' }, 'api_key holds a line break.'],
  ])('refuses %j with one plain sentence', (params, sentence) => {
    expect(() => resolve(params)).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', message: sentence }));
  });
});

describe('where it is asked', () => {
  test.each([
    [{ model: 'openai/gpt-4o', api_key: 'k' }, {}, 'https://api.openai.com/v1/chat/completions'],
    [{ model: 'openai/x', api_base: 'http://10.0.0.5:8000/v1/' }, {}, 'http://10.0.0.5:8000/v1/chat/completions'],
    [{ model: 'openai/x', base_url: 'http://10.0.0.5:8000' }, {}, 'http://10.0.0.5:8000/chat/completions'],
    [
      { model: 'openai/x', api_key: 'k' },
      { OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' },
      'https://eu.api.openai.com/v1/chat/completions',
    ],
    [
      {
        model: 'openai/x',
        api_key: 'k',
        api_base: 'https://r.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21',
      },
      {},
      'https://r.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21',
    ],
    [
      { model: 'openai/x', api_key: 'k', api_base: 'https://r.openai.azure.com/openai/v1', api_version: 'preview' },
      {},
      'https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview',
    ],
    [
      { model: 'cloudflare/@cf/m', api_key: 'k', account_id: 'acc' },
      {},
      'https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions',
    ],
    [
      { model: 'cloudflare/@cf/m', api_key: 'k' },
      { CLOUDFLARE_ACCOUNT_ID: 'env' },
      'https://api.cloudflare.com/client/v4/accounts/env/ai/v1/chat/completions',
    ],
    [
      { model: 'databricks/m', api_key: 'k' },
      { DATABRICKS_HOST: 'https://w.cloud.databricks.com/' },
      'https://w.cloud.databricks.com/serving-endpoints/chat/completions',
    ],
    [
      { model: 'baseten/abcd1234', api_key: 'k' },
      {},
      'https://model-abcd1234.api.baseten.co/environments/production/sync/v1/chat/completions',
    ],
    [{ model: 'ragflow/agent/a1/m', api_key: 'k' }, {}, 'http://localhost:9380/api/v1/agents_openai/a1/chat/completions'],
    [{ model: 'writer/palmyra-x5', api_key: 'k' }, {}, 'https://api.writer.com/v1/chat'],
    [
      { model: 'datarobot/m', api_key: 'k' },
      { DATAROBOT_ENDPOINT: 'https://app.eu.datarobot.com/api/v2' },
      'https://app.eu.datarobot.com/api/v2/genai/llmgw/chat/completions/',
    ],
  ])('%j with %j goes to %s', (params, env, url) => {
    expect(urlOf(resolve(params, env as Record<string, string>), '/chat/completions').href).toBe(url);
  });

  test.each([
    ['http://localhost:11434', {}],
    ['http://192.168.1.10:11434/api', {}],
    ['http://127.0.0.1:11434', { OLLAMA_HOST: '0.0.0.0' }],
    ['http://box:9999', { OLLAMA_HOST: 'box:9999' }],
    ['http://127.0.0.1:7000', { OLLAMA_HOST: ':7000' }],
  ])('Ollama at %s is asked at /api/chat', (base, env) => {
    const params = { model: 'ollama/qwen3', ...(Object.keys(env).length === 0 ? { api_base: base } : {}) };
    expect(urlOf(resolve(params, env as Record<string, string>), '/api/chat').href).toBe(`${base.replace(/\/api$/, '')}/api/chat`);
  });

  test.each([
    [{}, {}, 'https://api.anthropic.com/v1/messages'],
    [{ api_base: 'https://proxy/anthropic' }, {}, 'https://proxy/anthropic/v1/messages'],
    [{ api_base: 'https://proxy/anthropic/v1' }, {}, 'https://proxy/anthropic/v1/messages'],
    [{ api_base: 'https://proxy/anthropic/v1/messages' }, {}, 'https://proxy/anthropic/v1/messages'],
    [{ api_base: 'https://proxy/whole' }, { LITELLM_ANTHROPIC_DISABLE_URL_SUFFIX: 'true' }, 'https://proxy/whole'],
  ])('Anthropic with %j and %j goes to %s', (params, env, url) => {
    expect(
      urlOf(resolve({ model: 'anthropic/claude-sonnet-4-5', api_key: 'k', ...params }, env as Record<string, string>), '/v1/messages').href,
    ).toBe(url);
  });

  test('says that a local server usually has /v1', () => {
    expect(resolve({ model: 'lm_studio/x', api_base: 'http://10.0.0.7:1234' }).warnings).toEqual([
      'api_base of LM Studio usually ends in /v1; it is used as it stands.',
    ]);
  });
});

describe('what proves who asks', () => {
  test('the given key wins over the environment', () => {
    expect(resolve({ model: 'groq/m', api_key: 'own' }, { GROQ_API_KEY: 'env' }).credentials).toEqual({ authorization: 'Bearer own' });
    expect(resolve({ model: 'groq/m' }, { GROQ_API_KEY: ' env\n' }).credentials).toEqual({ authorization: 'Bearer env' });
  });

  test('no key is needed where the owner named the server, nobody is called, or callers bring theirs', () => {
    for (const params of [{ api_base: 'http://x/v1' }, { mock_response: 'hi' }, { configurable_clientside_auth_params: ['api_key'] }]) {
      expect(resolve({ model: 'openai/x', ...params }).credentials).toEqual({});
    }
  });

  test('Anthropic takes API keys, OAuth tokens and bearer tokens, each in its own header', () => {
    const of = (key: string | undefined, env = {}): unknown[] => {
      const { credentials, headers } = resolve({ model: 'anthropic/claude-sonnet-4-5', api_key: key }, env);
      return [credentials, headers];
    };
    expect(of('sk-ant-api03-x')).toEqual([{ 'x-api-key': 'sk-ant-api03-x' }, {}]);
    expect(of('sk-ant-oat01-x')).toEqual([{ authorization: 'Bearer sk-ant-oat01-x' }, { 'anthropic-beta': 'oauth-2025-04-20' }]);
    expect(of(undefined, { ANTHROPIC_AUTH_TOKEN: 't' })).toEqual([{ authorization: 'Bearer t' }, {}]);
    expect(of(undefined, { ANTHROPIC_AUTH_TOKEN: 't', ANTHROPIC_API_KEY: 'k' })).toEqual([{ 'x-api-key': 'k' }, {}]);
  });

  test('credentials never stand among the other headers, and no error shows them', () => {
    expect(JSON.stringify(resolve({ model: 'groq/m', api_key: 'sk-secret' }).headers)).not.toContain('sk-secret');
    expect(() => resolve({ model: 'cloudflare/m', api_key: 'sk-secret' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('sk-secret') }),
    );
  });

  test('organization, site and extra headers are sent; connection headers and line breaks are not', () => {
    expect(resolve({ model: 'openai/x', api_key: 'k', organization: 'org-1' }).headers).toEqual({ 'openai-organization': 'org-1' });
    expect(resolve({ model: 'openrouter/a/b', api_key: 'k' }, { OR_SITE_URL: 'https://home', OR_APP_NAME: 'App' }).headers).toEqual({
      'http-referer': 'https://home',
      'x-title': 'App',
    });
    const extra_headers = { 'X-Team': 'a', Host: 'evil', 'x-bad': 'a\r\nb', 'bad name': 'x', 'X-Number': 3 };
    expect(resolve({ model: 'openai/x', api_key: 'k', headers: { 'x-team': 'b' }, extra_headers }).headers).toEqual({
      'x-team': 'a',
      'x-number': '3',
    });
  });

  test('beta flags of several sources add up', () => {
    expect(mergeHeaders({ 'anthropic-beta': 'a,b', x: '1' }, { 'anthropic-beta': 'b, c', x: '2' })).toEqual({
      'anthropic-beta': 'a,b,c',
      x: '2',
    });
  });

  test('a list of organizations is a deployment for each', () => {
    expect(expandOrganizations({ model: 'm', organization: ['a', 'b'] })).toEqual([
      { model: 'm', organization: 'a' },
      { model: 'm', organization: 'b' },
    ]);
    expect(expandOrganizations({ model: 'm' })).toHaveLength(1);
  });
});

test('a wildcard row is resolved under the name it became', () => {
  expect(resolve({ model: 'openai/*', api_key: 'k' }, {}, { model: 'openai/gpt-4o-mini' }).model).toBe('gpt-4o-mini');
});

test('Mistral is never sent stream_options; OpenAI is', () => {
  expect(resolve({ model: 'mistral/mistral-small-latest', api_key: 'k' }).streamOptions).toBe(false);
  expect(resolve({ model: 'openai/gpt-4o', api_key: 'k' }).streamOptions).toBe(true);
});
