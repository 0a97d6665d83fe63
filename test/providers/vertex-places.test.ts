import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { urlOf } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

const HERE = { vertex_project: 'p', vertex_location: 'us-central1' };
const ROOT = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1';

function place(model: string, more: JsonObject = {}, info: JsonObject = {}) {
  const resolved = resolve({ model: `vertex_ai/${model}`, ...HERE, ...more }, {}, { info });
  const url = (path: string, streams = false): string => urlOf(resolved, path, streams).href;
  return { ...resolved, url };
}

describe('who is asked for a model', () => {
  test.each([
    ['gemini-2.5-pro', 'publishers/google/models/gemini-2.5-pro'],
    ['gemini/gemini-2.5-pro', 'publishers/google/models/gemini-2.5-pro'],
    ['google/gemini-2.5-pro', 'publishers/google/models/gemini-2.5-pro'],
    ['text-embedding-005', 'publishers/google/models/text-embedding-005'],
    ['multimodalembedding@001', 'publishers/google/models/multimodalembedding@001'],
    ['gemini/1234567890', 'endpoints/1234567890'],
  ])('%s: Google, in its own words', (model, resource) => {
    const { url, dialect, host } = place(model);
    expect([dialect, host]).toEqual(['gemini', 'vertex']);
    expect(url(':generateContent')).toBe(`${ROOT}/${resource}:generateContent`);
    expect(url(':streamGenerateContent?alt=sse')).toBe(`${ROOT}/${resource}:streamGenerateContent?alt=sse`);
    expect(url(':predict')).toBe(`${ROOT}/${resource}:predict`);
    expect(url(':embedContent')).toBe(`${ROOT}/${resource}:embedContent`);
  });

  test('Claude: Anthropic, in its words', () => {
    const { url, dialect, model } = place('claude-sonnet-4-5@20250929');
    const models = `${ROOT}/publishers/anthropic/models`;
    expect([dialect, model]).toEqual(['anthropic', 'claude-sonnet-4-5@20250929']);
    expect(url('/v1/messages')).toBe(`${models}/claude-sonnet-4-5@20250929:rawPredict`);
    expect(url('/v1/messages', true)).toBe(`${models}/claude-sonnet-4-5@20250929:streamRawPredict`);
    expect(url('/v1/messages/count_tokens')).toBe(`${models}/count-tokens:rawPredict`);
    expect(place('claude-sonnet-4-5', { vertex_count_tokens_location: 'us-east5' }).url('/v1/messages/count_tokens')).toBe(
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict',
    );
  });

  test.each([
    ['mistral-small-2503@001', 'mistralai', 'mistral-small-2503'],
    ['codestral-2501', 'mistralai', 'codestral-2501'],
    ['mistralai/mistral-medium-3', 'mistralai', 'mistral-medium-3'],
    ['jamba-1.5-mini@001', 'ai21', 'jamba-1.5-mini'],
  ])('%s: its maker, in OpenAI’s words and by its rules', (name, publisher, model) => {
    const resolved = place(name);
    const resource = `${ROOT}/publishers/${publisher}/models/${name.replace('mistralai/', '')}`;
    expect(resolved).toMatchObject({ dialect: 'openai', model });
    expect(resolved.url('/chat/completions')).toBe(`${resource}:rawPredict`);
    expect(resolved.url('/chat/completions', true)).toBe(`${resource}:streamRawPredict`);
    const own = resolve({ model: `${publisher === 'ai21' ? 'ai21' : 'mistral'}/${model}`, api_key: 'k' });
    expect([resolved.quirks, resolved.reply, resolved.streamOptions]).toEqual([own.quirks, own.reply, own.streamOptions]);
  });

  test.each(['meta/llama-3.3-70b-instruct-maas', 'deepseek-ai/deepseek-v3.2-maas', 'openai/gpt-oss-120b-maas', 'xai/grok-4'])(
    '%s: the common interface to all makers',
    (name) => {
      const resolved = place(name);
      expect(resolved).toMatchObject({ dialect: 'openai', model: name });
      for (const streams of [false, true])
        expect(resolved.url('/chat/completions', streams)).toBe(`${ROOT}/endpoints/openapi/chat/completions`);
    },
  );

  test('a number: an endpoint of the owner’s, in the words of the model behind it', () => {
    const served = place('1234567890', {}, { base_model: 'google/gemma-3-12b-it' });
    expect(served).toMatchObject({ dialect: 'openai', model: 'google/gemma-3-12b-it' });
    expect(served.url('/chat/completions')).toBe(`${ROOT}/endpoints/1234567890/chat/completions`);
    expect(place('openai/1234567890')).toMatchObject({ dialect: 'openai', model: '1234567890' });
    const tuned = place('endpoints/1234567890', {}, { base_model: 'gemini-2.5-flash' });
    expect(tuned).toMatchObject({ dialect: 'gemini', model: 'gemini-2.5-flash' });
    expect(tuned.url(':generateContent')).toBe(`${ROOT}/endpoints/1234567890:generateContent`);
  });
});

test('a name that a client made up stays inside the place of a model', () => {
  for (const name of ['..', 'gemini-x%2f..', 'claude-x/../../y', 'mistral-x/../../endpoints/1', 'gemini-x?key=1', 'gemini-x#y']) {
    const resolved = resolve({ model: 'vertex_ai/*', ...HERE }, {}, { model: `vertex_ai/${name}` });
    const path =
      resolved.dialect === 'gemini' ? ':generateContent' : resolved.dialect === 'anthropic' ? '/v1/messages' : '/chat/completions';
    const url = urlOf(resolved, path);
    expect(url.href, name).toMatch(
      /^https:\/\/us-central1-aiplatform\.googleapis\.com\/v1\/projects\/p\/locations\/us-central1\/(?:publishers\/\w+\/models\/[^/?#]+:\w+|endpoints\/openapi\/chat\/completions)$/,
    );
  }
});

describe('where it is asked', () => {
  const hostOf = (model: string, params: JsonObject = {}, env: Readonly<Record<string, string>> = {}): string => {
    const resolved = resolve({ model: `vertex_ai/${model}`, vertex_project: 'p', ...params }, env);
    return urlOf(resolved, ':generateContent').href.replace(/\/publishers.*$/, '');
  };

  test.each([
    ['europe-west4', 'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4'],
    ['global', 'https://aiplatform.googleapis.com/v1/projects/p/locations/global'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu'],
    ['us', 'https://aiplatform.us.rep.googleapis.com/v1/projects/p/locations/us'],
  ])('in %s', (location, root) => {
    expect(hostOf('gemini-2.5-flash', { vertex_location: location })).toBe(root);
    expect(hostOf('gemini-2.5-flash', {}, { VERTEXAI_LOCATION: location })).toBe(root);
    expect(hostOf('gemini-2.5-flash', { vertex_ai_location: location }, { GOOGLE_CLOUD_LOCATION: 'asia-east1' })).toBe(root);
  });

  test.each([
    ['gemini-2.5-flash', 'us-central1'],
    ['text-embedding-005', 'us-central1'],
    ['gemini-3-pro-preview', 'global'],
    ['gemini-embedding-2-preview', 'global'],
  ])('%s: where nothing is said, in %s', (model, location) => {
    expect(hostOf(model)).toMatch(new RegExp(`/locations/${location}$`));
  });

  test.each([
    ['claude-3-5-haiku@20241022', 'us-central1'],
    ['claude-sonnet-4@20250514', 'us-central1'],
    ['claude-sonnet-4-5@20250929', 'global'],
    ['claude-opus-5-5', 'global'],
    ['moonshotai/kimi-k2-thinking-maas', 'global'],
    ['meta/llama-3.3-70b-instruct-maas', 'us-central1'],
  ])('%s: the same in other dialects', (model, location) => {
    const { paths } = resolve({ model: `vertex_ai/${model}`, vertex_project: 'p' });
    expect(Object.values(paths)[0]).toContain(`/locations/${location}/`);
  });

  test.each([
    [
      'https://proxy.example/vertex',
      'https://proxy.example/vertex/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash',
    ],
    ['https://proxy.example/v1', 'https://proxy.example/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash'],
    [
      'https://proxy.example/v1/projects/q/locations/eu',
      'https://proxy.example/v1/projects/q/locations/eu/publishers/google/models/gemini-2.5-flash',
    ],
    [
      'https://proxy.example/v1/projects/q/locations/eu/publishers/google',
      'https://proxy.example/v1/projects/q/locations/eu/publishers/google/models/gemini-2.5-flash',
    ],
    [
      'https://proxy.example/v1/projects/q/locations/eu/publishers/google/models/mine',
      'https://proxy.example/v1/projects/q/locations/eu/publishers/google/models/mine',
    ],
    [
      'https://123.us-central1-1.prediction.vertexai.goog/v1/projects/q/locations/eu/endpoints/123',
      'https://123.us-central1-1.prediction.vertexai.goog/v1/projects/q/locations/eu/endpoints/123',
    ],
  ])('at %s, which is completed', (base, resource) => {
    expect(place('gemini-2.5-flash', { api_base: base }).url(':generateContent')).toBe(`${resource}:generateContent`);
  });

  test('at an address of Claude’s, also to count', () => {
    const claude = place('claude-opus-4-5', {
      api_base: 'https://proxy.example/v1/projects/q/locations/eu/publishers/anthropic/models/mine',
    });
    expect(claude.url('/v1/messages')).toBe('https://proxy.example/v1/projects/q/locations/eu/publishers/anthropic/models/mine:rawPredict');
    expect(claude.url('/v1/messages/count_tokens')).toBe(
      'https://proxy.example/v1/projects/q/locations/eu/publishers/anthropic/models/count-tokens:rawPredict',
    );
  });

  test('by the preview of the interface where the owner says so', () => {
    expect(place('gemini-2.5-flash', { api_version: 'v1beta1' }).url(':generateContent')).toContain('.com/v1beta1/projects/');
    const preview = resolve({ model: 'vertex_ai_beta/gemini-2.5-flash', ...HERE });
    expect(urlOf(preview, ':generateContent').href).toContain('.com/v1beta1/projects/');
  });
});

test('documents are ranked by a service beside it, with a project alone', () => {
  const ranked = place('semantic-ranker-default-004');
  expect(ranked.url('/rerank')).toBe(
    'https://discoveryengine.googleapis.com/v1/projects/p/locations/global/rankingConfigs/default_ranking_config:rank',
  );
  expect(ranked.rerank).toMatchObject({ shape: 'vertex', model: 'semantic-ranker-default-004' });
  expect(resolve({ model: 'vertex_ai/semantic-ranker-default-004', api_key: 'k' }).rerank).toBeNull();
  expect(place('claude-sonnet-4-5').rerank).toBeNull();
});
