import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { RERANK_SHAPES } from '../../src/dialects/rerank/shapes.ts';
import type { CatalogueFile } from '../../src/providers/catalogue/row.ts';
import { urlOf } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

const file = JSON.parse(readFileSync(new URL('../../src/providers/catalogue/providers.json', import.meta.url), 'utf8')) as CatalogueFile;

const at = (params: JsonObject, path: string, variables: Record<string, string> = {}): string =>
  urlOf(resolve({ api_key: 'k', ...params }, variables), path).href;

describe('documents are ranked at', () => {
  test.each([
    ['cohere/rerank-v3.5', 'https://api.cohere.com/v2/rerank'],
    ['jina_ai/jina-reranker-m0', 'https://api.jina.ai/v1/rerank'],
    ['voyage/rerank-2', 'https://api.voyageai.com/v1/rerank'],
    ['together_ai/Salesforce/Llama-Rank-V1', 'https://api.together.xyz/v1/rerank'],
    ['siliconflow/BAAI/bge-reranker-v2-m3', 'https://api.siliconflow.com/v1/rerank'],
    ['fireworks_ai/qwen3-reranker-8b', 'https://api.fireworks.ai/inference/v1/rerank'],
    ['novita/baai/bge-reranker-v2-m3', 'https://api.novita.ai/openai/v1/rerank'],
    ['dashscope/qwen3-rerank', 'https://dashscope-intl.aliyuncs.com/compatible-api/v1/reranks'],
    ['deepinfra/Qwen/Qwen3-Reranker-8B', 'https://api.deepinfra.com/v1/inference/Qwen/Qwen3-Reranker-8B'],
    [
      'nvidia_nim/nvidia/llama-3.2-nv-rerankqa-1b-v2',
      'https://ai.api.nvidia.com/v1/retrieval/nvidia/llama-3_2-nv-rerankqa-1b-v2/reranking',
    ],
    ['nvidia_nim/ranking/nvidia/nv-rerankqa', 'https://ai.api.nvidia.com/v1/ranking'],
    ['hosted_vllm/bge', 'http://localhost:8000/v1/rerank'],
    ['infinity/bge', 'http://localhost:7997/rerank'],
    ['tei/bge', 'http://localhost:8080/rerank'],
  ])('%s → %s', (model, address) => {
    expect(at({ model }, '/rerank')).toBe(address);
  });

  test.each([
    [{ model: 'tei/bge', api_base: 'http://10.1.2.3:8080/v1' }, 'http://10.1.2.3:8080/rerank'],
    [{ model: 'nvidia_nim/bge', api_base: 'http://10.1.2.3:8000/v1' }, 'http://10.1.2.3:8000/v1/ranking'],
    [{ model: 'deepinfra/bge', api_base: 'http://10.1.2.3/other' }, 'http://10.1.2.3/other/rerank'],
    [{ model: 'cohere/bge', api_base: 'http://10.1.2.3/some/v2/rerank' }, 'http://10.1.2.3/some/v2/rerank'],
    [
      { model: 'azure_ai/cohere-rerank-v3.5', api_base: 'https://r.services.ai.azure.com' },
      'https://r.services.ai.azure.com/providers/cohere/v2/rerank',
    ],
    [
      { model: 'azure_ai/cohere-rerank-v3.5', api_base: 'https://r.eastus.models.ai.azure.com/v1' },
      'https://r.eastus.models.ai.azure.com/v1/rerank',
    ],
  ])('%o → %s', (params, address) => {
    expect(at(params, '/rerank')).toBe(address);
  });

  test('Bedrock’s agent runtime, whose models have the name of a resource', () => {
    const resolved = resolve({ model: 'bedrock/amazon.rerank-v1:0', api_key: 'k', aws_region_name: 'eu-central-1' });
    expect(urlOf(resolved, '/rerank').href).toBe('https://bedrock-agent-runtime.eu-central-1.amazonaws.com/rerank');
    expect(resolved.rerank).toMatchObject({
      shape: 'bedrock',
      model: 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.rerank-v1:0',
    });
    const arn = 'arn:aws:bedrock:us-west-2::foundation-model/cohere.rerank-v3-5:0';
    expect(resolve({ model: `bedrock/${arn}`, api_key: 'k' }).rerank?.model).toBe(arn);
  });

  test('no address where the model is asked in another dialect', () => {
    const claude = { model: 'azure_ai/claude-sonnet-4-5', api_key: 'k', api_base: 'https://r.services.ai.azure.com' };
    expect(resolve(claude)).toMatchObject({ rerank: null, completions: null, moderates: false });
  });
});

describe('text is completed', () => {
  test.each([
    ['openai/gpt-3.5-turbo-instruct', 'openai', 'https://api.openai.com/v1/completions'],
    ['text-completion-openai/davinci-002', 'openai', 'https://api.openai.com/v1/completions'],
    ['text-completion-openai/anything', 'openai', 'https://api.openai.com/v1/completions'],
    ['together_ai/meta-llama/Llama-3-8b', 'openai', 'https://api.together.xyz/v1/completions'],
    ['deepseek/deepseek-chat', 'openai', 'https://api.deepseek.com/beta/completions'],
    ['hosted_vllm/any', 'openai', 'http://localhost:8000/v1/completions'],
    ['codestral/codestral-latest', 'own', 'https://codestral.mistral.ai/v1/fim/completions', '/fim/completions'],
    ['mistral/codestral-latest', 'own', 'https://api.mistral.ai/v1/fim/completions', '/fim/completions'],
    ['ollama/qwen2.5-coder', 'own', 'http://localhost:11434/api/generate', '/api/generate'],
  ])('%s by %s interface at %s', (model, by, address, path = '/completions') => {
    expect(resolve({ model, api_key: 'k' }).completions).toBe(by);
    expect(at({ model }, path)).toBe(address);
  });

  test.each([
    'openai/gpt-4o',
    'mistral/mistral-large-latest',
    'anthropic/claude-sonnet-4-5',
    'groq/llama-3.3-70b',
    'gemini/gemini-2.5-flash',
  ])('%s as a conversation', (model) => {
    expect(resolve({ model, api_key: 'k' }).completions).toBeNull();
  });

  test('at a server of one’s own by its completions where the row says that the model is for them', () => {
    const params = { model: 'openai/base-model', api_key: 'k', api_base: 'http://10.1.2.3:8000/v1' };
    expect(resolve(params).completions).toBeNull();
    expect(resolve(params, {}, { info: { mode: 'completion' } }).completions).toBe('openai');
    expect(
      resolve({ ...params, api_base: 'http://10.1.2.3:8000/v1/chat/completions' }, {}, { info: { mode: 'completion' } }).completions,
    ).toBeNull();
  });

  test('by Azure at the deployment', () => {
    const params = { model: 'azure/mine', api_key: 'k', api_base: 'https://r.openai.azure.com', api_version: '2024-10-21' };
    expect(resolve(params).completions).toBeNull();
    const instruct = { ...params, base_model: 'azure/gpt-35-turbo-instruct' };
    expect(resolve(instruct).completions).toBe('openai');
    expect(at(instruct, '/completions')).toBe('https://r.openai.azure.com/openai/deployments/mine/completions?api-version=2024-10-21');
  });
});

test('rows that say that they rank tell how, and the others do not', () => {
  const spoken = file.providers.filter(({ dialect, auth }) => !dialect.includes(':') && auth.type !== 'oauth');
  expect(spoken.filter(({ endpoints, rerank }) => endpoints.includes('rerank') !== (rerank !== undefined)).map(({ id }) => id)).toEqual([]);
  expect(new Set(spoken.flatMap(({ rerank }) => rerank?.shape ?? []))).toEqual(new Set(Object.keys(RERANK_SHAPES)));
});

test('patterns of places compile, and lead to web addresses', () => {
  const rules = file.providers.flatMap(({ rerank, completions }) => [...(rerank?.at ?? []), ...(completions?.at ?? [])]);
  expect(() => rules.map(({ match }) => new RegExp(match))).not.toThrow();
  expect(rules.filter(({ to }) => !/^(https:\/\/|\$1)/.test(to))).toEqual([]);
});

describe('images of Hugging Face are made at', () => {
  test.each([
    ['black-forest-labs/FLUX.1-dev', 'https://router.huggingface.co/hf-inference/models/black-forest-labs/FLUX.1-dev'],
    ['hf-inference/black-forest-labs/FLUX.1-dev', 'https://router.huggingface.co/hf-inference/models/black-forest-labs/FLUX.1-dev'],
    ['nebius/black-forest-labs/flux-dev', 'https://router.huggingface.co/nebius/v1/images/generations'],
    ['nscale/black-forest-labs/FLUX.1-schnell', 'https://router.huggingface.co/nscale/v1/images/generations'],
    ['together/black-forest-labs/FLUX.1-dev', 'https://router.huggingface.co/together/v1/images/generations'],
  ])('%s → %s', (model, address) => {
    expect(at({ model: `huggingface/${model}` }, '/images/generations')).toBe(address);
  });

  test('the owner’s endpoint, where there is one', () => {
    const params = { model: 'huggingface/stabilityai/sdxl', api_base: 'https://x.endpoints.huggingface.cloud/v1' };
    expect(at(params, '/images/generations')).toBe('https://x.endpoints.huggingface.cloud/');
    expect(at(params, '/chat/completions')).toBe('https://x.endpoints.huggingface.cloud/v1/chat/completions');
  });
});
