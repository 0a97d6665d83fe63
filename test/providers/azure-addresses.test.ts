import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { applyQuirks } from '../../src/providers/quirks/apply.ts';
import { urlOf, type Resolved } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

const R = 'https://r.openai.azure.com';
const F = 'https://r.services.ai.azure.com';
const chat = (resolved: Resolved): string => urlOf(resolved, '/chat/completions').href;
const azure = (params: JsonObject, env: Record<string, string> = {}, info: JsonObject = {}): Resolved =>
  resolve({ model: 'azure/house gpt', api_key: 'k', ...params }, env, { info });
const foundry = (params: JsonObject, env: Record<string, string> = {}, info: JsonObject = {}): Resolved =>
  resolve({ model: 'azure_ai/grok-3', api_key: 'k', ...params }, env, { info });

describe('a deployment of Azure OpenAI is asked', () => {
  const classic = `${R}/openai/deployments/house%20gpt/chat/completions?api-version=`;
  test.each([
    ['at its path, with the version that the row names', { api_base: R, api_version: '2024-10-21' }, {}, `${classic}2024-10-21`],
    ['at its path, below a base that ends in /openai', { api_base: `${R}/openai/`, api_version: '2024-10-21' }, {}, `${classic}2024-10-21`],
    ['with the version of the variable', { api_base: R }, { AZURE_API_VERSION: '2024-12-01-preview' }, `${classic}2024-12-01-preview`],
    ['with the last of the dated versions where none is named', { api_base: R }, {}, `${classic}2025-04-01-preview`],
    ['at the base of the variable', { api_version: '2024-10-21' }, { AZURE_API_BASE: `${R}/` }, `${classic}2024-10-21`],
    ['at the resource that a variable names', { api_version: '2024-10-21' }, { AZURE_RESOURCE_NAME: 'r' }, `${classic}2024-10-21`],
    ['at the resource of a project', { api_base: `${R}/api/projects/p`, api_version: '2024-10-21' }, {}, `${classic}2024-10-21`],
    [
      'behind API Management, below its path',
      { api_base: 'https://g.azure-api.net/ai', api_version: '2024-10-21' },
      {},
      'https://g.azure-api.net/ai/openai/deployments/house%20gpt/chat/completions?api-version=2024-10-21',
    ],
    [
      "behind Cloudflare's gateway, which has the resource in its path",
      { api_base: 'https://gateway.ai.cloudflare.com/v1/a/g/azure-openai/r', api_version: '2024-10-21' },
      {},
      'https://gateway.ai.cloudflare.com/v1/a/g/azure-openai/r/house%20gpt/chat/completions?api-version=2024-10-21',
    ],
    [
      'where a base names the deployment itself',
      { api_base: `${R}/openai/deployments/other`, api_version: '2024-10-21' },
      {},
      `${R}/openai/deployments/other/chat/completions?api-version=2024-10-21`,
    ],
    [
      'at a whole address as it stands, whatever else is said of a version',
      { api_base: `${R}/openai/deployments/other/chat/completions?api-version=2024-06-01`, api_version: '2024-10-21' },
      { AZURE_API_VERSION: '2025-01-01-preview' },
      `${R}/openai/deployments/other/chat/completions?api-version=2024-06-01`,
    ],
    ['by the v1 interface when the version says so', { api_base: R, api_version: 'v1' }, {}, `${R}/openai/v1/chat/completions`],
    ['by its previews', { api_base: R, api_version: 'preview' }, {}, `${R}/openai/v1/chat/completions?api-version=preview`],
    ['by its latest', { api_base: `${R}/openai`, api_version: 'latest' }, {}, `${R}/openai/v1/chat/completions?api-version=latest`],
    [
      'by the v1 interface when the base says so, where a dated version means nothing',
      { api_base: `${R}/openai/v1/` },
      { AZURE_API_VERSION: '2024-10-21' },
      `${R}/openai/v1/chat/completions`,
    ],
  ])('%s', (_, params, env, expected) => {
    expect(chat(azure(params, env))).toBe(expected);
  });

  test.each(['/embeddings', '/audio/speech', '/audio/transcriptions'])('for %s at the same deployment', (path) => {
    expect(urlOf(azure({ api_base: R, api_version: '2024-10-21' }), path).href).toBe(
      `${R}/openai/deployments/house%20gpt${path}?api-version=2024-10-21`,
    );
    expect(urlOf(azure({ api_base: R, api_version: 'v1' }), path).href).toBe(`${R}/openai/v1${path}`);
    const whole = `${R}/openai/deployments/x${path}?api-version=2024-10-21`;
    expect(urlOf(azure({ api_base: whole }), path).href).toBe(whole);
  });

  test('without the word that tells its series', () => {
    for (const model of ['azure/o_series/mine', 'azure/gpt5_series/mine', 'azure/mine'])
      expect(azure({ model, api_base: R, api_version: 'v1' }).model).toBe('mine');
  });

  test.each([
    [{ api_base: R, api_version: 'v1' }, `${R}/openai/v1/responses`],
    [{ api_base: R, api_version: 'preview' }, `${R}/openai/v1/responses?api-version=preview`],
    [{ api_base: `${R}/openai/v1` }, `${R}/openai/v1/responses`],
    [{ api_base: R, api_version: '2025-04-01-preview' }, `${R}/openai/responses?api-version=2025-04-01-preview`],
    [{ api_base: `${R}/openai`, api_version: '2025-04-01-preview' }, `${R}/openai/responses?api-version=2025-04-01-preview`],
    [{ api_base: `${R}/openai/responses?api-version=preview` }, `${R}/openai/responses?api-version=preview`],
  ])('beside its deployments for Responses: %j', (params, url) => {
    const resolved = azure({ model: 'azure/mine', ...params });
    expect([resolved.model, urlOf(resolved, '/responses').href]).toEqual(['mine', url]);
    expect(resolved.responses).toMatchObject({ always: false, messages: true });
  });

  test('at the same place where AI Foundry is asked for Responses', () => {
    const resolved = resolve({ model: 'azure_ai/responses/gpt-5', api_base: 'https://r.services.ai.azure.com', api_key: 'k' });
    expect(urlOf(resolved, '/responses').href).toBe('https://r.services.ai.azure.com/openai/v1/responses');
    expect(resolve({ model: 'azure_ai/gpt-5', api_base: 'https://r.services.ai.azure.com', api_key: 'k' }).responses).toBeNull();
  });

  test('over chat alone where its version has no Responses, or its address names a deployment', () => {
    expect(azure({ api_base: R, api_version: '2024-10-21' }).responses).toBeNull();
    expect(azure({ api_base: `${R}/openai/deployments/mine` }).responses).toBeNull();
    expect(azure({ model: 'azure/responses/mine', api_base: R, api_version: '2024-10-21' }).responses).toMatchObject({ always: true });
  });

  test('but never for a list of its models: it tells those that could be deployed', () => {
    expect(azure({ api_base: R }).listsModels).toBe(false);
    expect(resolve({ model: 'openai/x', api_key: 'k' }).listsModels).toBe(true);
  });
});

describe('the rules of the model behind a deployment hold', () => {
  const sent = (resolved: Resolved, body: JsonObject, drop = false): JsonObject =>
    applyQuirks(body, resolved.quirks, { model: resolved.model, provider: 'azure', params: { drop, allow: [], modify: false } });
  const hi = [{ role: 'user', content: 'hi' }];

  test.each([
    ['named by base_model', { model: 'azure/mine' }, { base_model: 'azure/eu/o3-mini' }],
    ['named by its series', { model: 'azure/o_series/mine' }, {}],
    ['a newer series', { model: 'azure/gpt5_series/mine' }, {}],
    ['called as the model is', { model: 'azure/gpt-5-mini' }, {}],
  ])('%s', (_, params, info) => {
    const resolved = azure({ ...params, api_base: R }, {}, info);
    expect(sent(resolved, { messages: hi, max_tokens: 5 })).toEqual({ messages: hi, max_completion_tokens: 5 });
    expect(() => sent(resolved, { messages: hi, temperature: 0.2 })).toThrow('"temperature"');
  });

  test('and none where nobody tells which it is', () => {
    const body = { messages: [{ role: 'developer', content: 'x' }], max_tokens: 5, temperature: 0.2 };
    expect(sent(azure({ api_base: R }), body)).toEqual(body);
  });

  test.each([
    ['2024-02-01', true, true, true],
    ['2024-06-01', false, true, true],
    ['2024-07-01-preview', false, true, true],
    ['2024-08-01-preview', false, false, true],
    ['2024-09-01-preview', false, false, false],
    ['2024-10-21', false, false, false],
    ['v1', false, false, false],
  ])(
    'version %s: a tool cannot be required %s, schemas are told in words %s, usage is not asked for %s',
    (version, tool, schema, usage) => {
      const resolved = azure({ api_base: R, api_version: version });
      const tools = [{ type: 'function', function: { name: 'f' } }];
      const required = (): JsonObject => sent(resolved, { messages: hi, tools, tool_choice: 'required' });
      if (tool) expect(required).toThrow('"tool_choice"');
      else expect(required()).toMatchObject({ tool_choice: 'required' });
      const named = { type: 'function', function: { name: 'f' } };
      expect(sent(resolved, { messages: hi, tools, tool_choice: named })).toMatchObject({ tool_choice: named });
      const format = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } };
      expect(sent(resolved, { messages: hi, response_format: format })['response_format']).toEqual(
        schema ? { type: 'json_object' } : format,
      );
      expect(resolved.streamOptions).toBe(!usage);
      const both = sent(resolved, { messages: hi, tools, max_completion_tokens: 9, parallel_tool_calls: false }, true);
      expect(both).toEqual(
        usage ? { messages: hi, tools, max_tokens: 9 } : { messages: hi, tools, max_completion_tokens: 9, parallel_tool_calls: false },
      );
    },
  );

  test('what a version does not know yet is left out where it is a hint', () => {
    const asked = { messages: hi, store: true, prediction: { type: 'content', content: 'x' }, prompt_cache_key: 'a' };
    const at = (version: string): string[] => Object.keys(sent(azure({ api_base: R, api_version: version }), asked)).slice(1);
    expect([at('2024-10-21'), at('2025-01-01-preview'), at('v1')]).toEqual([
      [],
      ['store', 'prediction'],
      ['store', 'prediction', 'prompt_cache_key'],
    ]);
  });
});

describe('a model of AI Foundry is asked', () => {
  test.each([
    ['by the interface to all models', { api_base: F }, {}, `${F}/models/chat/completions?api-version=2024-05-01-preview`],
    ['the same where the base names it', { api_base: `${F}/models` }, {}, `${F}/models/chat/completions?api-version=2024-05-01-preview`],
    ['the same below a project', { api_base: `${F}/api/projects/p` }, {}, `${F}/models/chat/completions?api-version=2024-05-01-preview`],
    [
      'with the version of the variable',
      { api_base: F },
      { AZURE_AI_API_VERSION: '2025-05-15-preview' },
      `${F}/models/chat/completions?api-version=2025-05-15-preview`,
    ],
    [
      'at a whole address as it stands',
      { api_base: `${F}/models/chat/completions?api-version=2024-08-01-preview` },
      {},
      `${F}/models/chat/completions?api-version=2024-08-01-preview`,
    ],
    ['by the v1 interface', { api_base: `${F}/openai/v1/` }, {}, `${F}/openai/v1/chat/completions`],
    ['by the v1 interface by its version', { api_base: F, api_version: 'v1' }, {}, `${F}/openai/v1/chat/completions`],
    [
      'as a deployment at the host of Azure OpenAI',
      { api_base: R, api_version: '2024-10-21' },
      {},
      `${R}/openai/deployments/grok-3/chat/completions?api-version=2024-10-21`,
    ],
    [
      'at a serverless endpoint',
      { api_base: 'https://m.eastus2.models.ai.azure.com' },
      {},
      'https://m.eastus2.models.ai.azure.com/v1/chat/completions',
    ],
    [
      'at a serverless endpoint that names its version',
      { api_base: 'https://m.eastus2.inference.ai.azure.com/v1' },
      {},
      'https://m.eastus2.inference.ai.azure.com/v1/chat/completions',
    ],
    ['anywhere else as it is written', { api_base: 'http://10.0.0.9:8080/v1' }, {}, 'http://10.0.0.9:8080/v1/chat/completions'],
  ])('%s', (_, params, env, expected) => {
    expect(chat(foundry(params, env))).toBe(expected);
  });

  test('for vectors beside chat, for speech at the deployment', () => {
    const resolved = foundry({ model: 'azure_ai/voice 1', api_base: F });
    expect(urlOf(resolved, '/embeddings').href).toBe(`${F}/models/embeddings?api-version=2024-05-01-preview`);
    expect(urlOf(resolved, '/audio/speech').href).toBe(`${F}/openai/deployments/voice%201/audio/speech?api-version=2025-04-01-preview`);
  });

  test('to hand on what it does not know, by a header that goes nowhere else', () => {
    expect(foundry({ api_base: F }).headers).toEqual({ 'extra-parameters': 'pass-through' });
    expect(foundry({ api_base: `${F}/openai/v1` }).headers).toEqual({});
  });

  test.each([
    [F, { 'api-key': 'k' }],
    [`${F}/openai/v1`, { 'api-key': 'k' }],
    [R, { 'api-key': 'k' }],
    ['https://m.eastus2.models.ai.azure.com', { authorization: 'Bearer k' }],
    ['http://10.0.0.9:8080/v1', { authorization: 'Bearer k' }],
  ])('at %s with its key where that host wants it', (base, expected) => {
    expect(foundry({ api_base: base }).credentials).toEqual(expected);
  });

  test.each([
    [F, 'azure_ai/claude-sonnet-4-5', {}],
    [`${F}/anthropic`, 'azure_ai/mine', {}],
    [`${F}/anthropic/v1/messages`, 'azure_ai/mine', {}],
    [`${F}/models`, 'azure_ai/mine', { base_model: 'azure_ai/claude-opus-4-1' }],
  ])('in Anthropic’s words when it is Claude: %s, %s', (base, model, info) => {
    const resolved = foundry({ api_base: base, model }, {}, info);
    expect([resolved.dialect, urlOf(resolved, '/v1/messages').href]).toEqual(['anthropic', `${F}/anthropic/v1/messages`]);
    expect(resolved.credentials).toEqual({ 'api-key': 'k' });
    expect(resolved.quirks.quirks).toEqual(resolve({ model: 'anthropic/claude-sonnet-4-5', api_key: 'k' }).quirks.quirks);
  });
});
