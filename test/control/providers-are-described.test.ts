import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ProviderDetails, ProviderForm, ProviderModels } from '../../src/contract/providers.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;
let forms: ReadonlyMap<string, ProviderForm>;
let details: ReadonlyMap<string, ProviderDetails>;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  forms = new Map((await read('/public/providers/fields', z.array(ProviderForm))).map((form) => [form.provider, form]));
  details = new Map((await read('/public/providers?details=true', z.array(ProviderDetails))).map((row) => [row.id, row]));
});

afterAll(() => gateway.stop());

/** Nobody's answer, by its schema. */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await gateway.call('GET', path, undefined, null);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return schema.parse(JSON.parse(text));
}

function keysOf(provider: string, which: (field: ProviderForm['credential_fields'][number]) => boolean = () => true): string[] {
  return (forms.get(provider)?.credential_fields ?? []).filter(which).map(({ key }) => key);
}

describe('the list of providers', () => {
  test('is sorted ids, as clients of the reference expect', async () => {
    const ids = await read('/public/providers', z.array(z.string()));
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining(['anthropic', 'groq', 'ollama', 'openai']));
    expect([...details.keys()]).toEqual(ids);
    expect([...forms.keys()]).toEqual(ids);
  });

  test('says what each is for and where it runs', () => {
    expect(details.get('openai')).toMatchObject({ display_name: 'OpenAI', kind: 'cloud', needs_key: true, supported: true, reason: null });
    expect(details.get('openai')?.uses).toEqual(expect.arrayContaining(['chat', 'images', 'speech']));
    expect(details.get('openai')?.description).toMatch(/^Chat, embeddings, images, .*speech/);
    expect(details.get('ollama')).toMatchObject({ kind: 'local', needs_key: false });
    expect(details.get('openrouter')?.kind).toBe('gateway');
    for (const { id, description, website } of details.values()) {
      expect(description, id).not.toBe('');
      expect(website ?? 'https://', id).toMatch(/^https:\/\//);
    }
  });

  test('says which cannot be called, and why', () => {
    const brave = details.get('brave');
    expect(brave).toMatchObject({ supported: false, reason: expect.stringMatching(/^Brave Search cannot be called: .+\.$/) });
    for (const { supported, reason } of forms.values()) expect(supported).toBe(reason === null);
  });
});

describe('the form of a provider', () => {
  test('asks for a key, and hides what few need', () => {
    expect(keysOf('anthropic', ({ advanced }) => !advanced)).toEqual(['api_key']);
    expect(forms.get('anthropic')?.credential_fields[0]).toMatchObject({
      label: 'API key',
      type: 'secret',
      field_type: 'password',
      required: true,
      tooltip: expect.stringContaining('os.environ/ANTHROPIC_API_KEY'),
      tooltip_text: expect.stringContaining('os.environ/{variable}'),
      tooltip_values: { provider: 'Anthropic', variable: 'ANTHROPIC_API_KEY' },
    });
    expect(forms.get('openai')?.credential_fields).toContainEqual(
      expect.objectContaining({ key: 'organization', required: false, advanced: true }),
    );
  });

  test('of a server in the house asks where it runs, and for no key', () => {
    const [key, address] = forms.get('ollama')?.credential_fields ?? [];
    expect(key).toMatchObject({ key: 'api_key', required: false, advanced: true });
    expect(address).toMatchObject({ key: 'api_base', type: 'url', default_value: 'http://localhost:11434', advanced: false });
  });

  test('asks for the address where every account has its own', () => {
    for (const provider of ['openai_like', 'litellm_proxy', 'databricks', 'azure', 'modal'])
      expect(
        keysOf(provider, ({ required }) => required),
        provider,
      ).toContain('api_base');
  });

  test('asks for what stands in the address', () => {
    expect(keysOf('cloudflare', ({ required }) => required)).toEqual(['api_key', 'account_id']);
    expect(keysOf('cloudflare_ai_gateway', ({ required }) => required)).toEqual(['api_key', 'account_id', 'gateway_id']);
  });

  test('asks Amazon, Google and Microsoft for their own ways to sign in', () => {
    expect(keysOf('bedrock')).toEqual(
      expect.arrayContaining(['aws_region_name', 'aws_access_key_id', 'aws_secret_access_key', 'aws_session_token']),
    );
    expect(keysOf('vertex_ai')).toEqual([
      'vertex_project',
      'vertex_location',
      'vertex_credentials',
      'api_key',
      'api_base',
      'vertex_count_tokens_location',
    ]);
    expect(keysOf('azure')).toEqual(expect.arrayContaining(['api_base', 'api_key', 'api_version', 'azure_ad_token', 'client_secret']));
  });

  test('hides every secret and names no field twice', () => {
    for (const [provider, { credential_fields: fields }] of forms) {
      expect(new Set(fields.map(({ key }) => key)).size, provider).toBe(fields.length);
      for (const { key, type, label } of fields) {
        expect(label, `${provider} ${key}`).toMatch(/^[A-Z]/);
        if (/secret|token(?!s_)|key$|password/.test(key)) expect(type, `${provider} ${key}`).toBe('secret');
      }
    }
  });

  test('filled in makes a model that can be called, for every provider that can be', async () => {
    const upstream = await FakeProvider.start(json(completion('Hi')));
    try {
      for (const [provider, { credential_fields: fields, supported, default_model_placeholder: model }] of forms) {
        if (!supported) continue;
        const values = fields
          .filter(({ required }) => required)
          .map(({ key, type }) => [key, type === 'url' ? upstream.url : 'filled-in-0123']);
        const answer = await gateway.post('/health/test_connection', {
          litellm_params: { model, ...Object.fromEntries(values), mock_response: 'x' },
        });
        expect(answer.body['status'], `${provider} ${answer.text}`).toBe('success');
      }
    } finally {
      await upstream.stop();
    }
  });
});

describe('the models of a provider', () => {
  test('come with size, abilities and exact prices', async () => {
    const answer = await gateway.call('GET', '/public/providers/openai/models?search=GPT-4o-mini', undefined, null);
    const text = await answer.text();
    const { models } = ProviderModels.parse(JSON.parse(text));
    expect(models.find(({ id }) => id === 'gpt-4o-mini')).toMatchObject({
      model: 'openai/gpt-4o-mini',
      mode: 'chat',
      max_input_tokens: 128000,
      supports_vision: true,
      supports_function_calling: true,
    });
    expect(text).toContain('"input_cost_per_token":0.00000015,');
  });

  test('say what they are for', async () => {
    const { models } = await read('/public/providers/openai/models?search=embedding', ProviderModels);
    expect(models.length).toBeGreaterThan(0);
    expect(new Set(models.map(({ mode }) => mode))).toEqual(new Set(['embedding']));
  });

  test('come in pages, as many as the list of providers counts', async () => {
    const seen: string[] = [];
    for (let page = 1; page < 100; page++) {
      const { models, total_pages: pages } = await read(`/public/providers/mistral/models?page_size=7&page=${page}`, ProviderModels);
      seen.push(...models.map(({ id }) => id));
      if (page >= pages) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(details.get('mistral')?.known_models ?? 0);
    expect(seen.length).toBeGreaterThan(7);
  });

  test('are none for a server in the house, and an error for nobody', async () => {
    expect(await read('/public/providers/lm_studio/models', ProviderModels)).toMatchObject({ models: [], total: 0, total_pages: 0 });
    expect((await gateway.call('GET', '/public/providers/nobody/models', undefined, null)).status).toBe(404);
    expect((await gateway.call('GET', '/public/providers/openai/models?page=0', undefined, null)).status).toBe(400);
  });
});
