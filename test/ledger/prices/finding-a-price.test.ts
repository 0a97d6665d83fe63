import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../../src/ledger/prices/catalogue/catalogue.ts';
import { loadCatalogue } from '../../../src/ledger/prices/catalogue/load.ts';
import { modelNames } from '../../../src/ledger/prices/model-names.ts';
import { PriceBook, type PriceSubject } from '../../../src/ledger/prices/price-book.ts';
import { bookOf, dollars, NOON, usage } from './price-fixtures.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(null);
});

const MILLION = usage({ inputTokens: 1_000_000 });

function found(book: PriceBook, subject: Omit<PriceSubject, 'custom'> & { custom?: PriceSubject['custom'] }) {
  const price = book.priceOf({ custom: {}, ...subject });
  const cost = price.costOf(usage({ inputTokens: 1000 }), NOON);
  return {
    known: price.known,
    free: price.free,
    unpriced: cost.unpriced,
    usd: dollars(cost),
    source: cost.origin?.source,
    rule: cost.origin?.rule,
  };
}

describe('the order of the tables', () => {
  test('a price set for the deployment wins over map and bundled data', () => {
    const book = bookOf({ 'openai/gpt-4o': { input_cost_per_token: 2e-6 } }, catalogue);
    expect(found(book, { provider: 'openai', model: 'gpt-4o', custom: { input_cost_per_token: '9e-6' } })).toMatchObject({
      usd: '0.009',
      source: 'config',
    });
  });

  test('a price set for one deployment says nothing of another of the same model', () => {
    const book = bookOf({}, catalogue);
    found(book, { provider: 'openai', model: 'gpt-4o', custom: { input_cost_per_token: '9e-6' } });
    expect(found(book, { provider: 'openai', model: 'gpt-4o' })).toMatchObject({ usd: '0.0025', source: 'catalogue' });
  });

  test('the base model is asked before the model itself, with or without a provider', () => {
    const book = bookOf({}, catalogue);
    expect(found(book, { provider: 'azure', model: 'gpt-4o', baseModel: 'gpt-4o-mini' })).toMatchObject({ rule: 'openai/gpt-4o-mini' });
    expect(found(book, { provider: 'azure', model: 'my-deployment', baseModel: 'azure/gpt-4o' })).toMatchObject({ rule: 'openai/gpt-4o' });
    expect(found(book, { provider: 'litellm_proxy', model: 'smart', baseModel: 'claude-sonnet-4-5' })).toMatchObject({
      rule: 'anthropic/claude-sonnet-4-5',
    });
  });

  test('a model that Oracle hosts has the price of Oracle’s own key, and of nobody else’s', () => {
    const map = {
      'oci/meta.llama-3.3-70b-instruct': { litellm_provider: 'oci', input_cost_per_token: 7.2e-7 },
      'oci/cohere.command-latest': { litellm_provider: 'oci', input_cost_per_token: 1.56e-6 },
      'cohere.command-r-plus-v1:0': { litellm_provider: 'bedrock', input_cost_per_token: 3e-6 },
    };
    const book = bookOf(map, catalogue);
    expect(found(book, { provider: 'oci', model: 'meta.llama-3.3-70b-instruct' })).toMatchObject({
      usd: '0.00072',
      rule: 'oci/meta.llama-3.3-70b-instruct',
    });
    expect(found(book, { provider: 'oci', model: 'cohere.command-latest' })).toMatchObject({ usd: '0.00156' });
    expect(
      found(book, { provider: 'oci', model: 'ocid1.generativeaiendpoint.oc1..e', baseModel: 'oci/cohere.command-latest' }),
    ).toMatchObject({ usd: '0.00156' });
    for (const model of ['xai.grok-4', 'openai.gpt-5', 'google.gemini-2.5-flash', 'cohere.command-r-plus-v1:0'])
      expect(found(book, { provider: 'oci', model })).toMatchObject({ unpriced: true });
  });

  test('an unknown base model leaves the model', () => {
    expect(found(bookOf({}, catalogue), { provider: 'openai', model: 'gpt-4o', baseModel: 'no-such-model' })).toMatchObject({
      rule: 'openai/gpt-4o',
    });
  });

  test('the map counts before the bundled data of the same name, and keeps its date', () => {
    const book = bookOf({ 'gpt-4o': { litellm_provider: 'openai', input_cost_per_token: 1e-6 } }, catalogue);
    const cost = book.priceOf({ provider: 'openai', model: 'gpt-4o', custom: {} }).costOf(MILLION, NOON);
    expect(cost.origin).toEqual({ source: 'map', rule: 'gpt-4o', date: '2026-09-01' });
    expect(dollars(cost)).toBe('1');
  });

  test('a bare name in the map is not the price of another provider', () => {
    const book = bookOf({ 'llama-3': { litellm_provider: 'groq', input_cost_per_token: 1e-6 } });
    expect(found(book, { provider: 'openai', model: 'llama-3' })).toMatchObject({ known: false, unpriced: true, usd: '0' });
    expect(found(book, { provider: 'groq', model: 'llama-3' })).toMatchObject({ known: true, usd: '0.001' });
  });

  test('a bare name in the map is the price of the provider whose kind of models it names', () => {
    const book = bookOf({
      'gemini-x': { litellm_provider: 'vertex_ai-language-models', input_cost_per_token: 1e-6 },
      'azure-x': { litellm_provider: 'azure_ai', input_cost_per_token: 1e-6 },
    });
    expect(found(book, { provider: 'vertex_ai', model: 'gemini-x' })).toMatchObject({ known: true, usd: '0.001' });
    expect(found(book, { provider: 'azure', model: 'azure-x' })).toMatchObject({ known: false });
  });

  test('models of Google and Anthropic at Vertex AI have their price, those of other makers only where it is known', () => {
    const book = bookOf({}, catalogue);
    for (const model of ['gemini-2.5-flash', 'claude-sonnet-4-5@20250929', 'claude-opus-4-5', 'gemini-embedding-001'])
      expect(found(book, { provider: 'vertex_ai', model }), model).toMatchObject({ known: true, source: 'catalogue' });
    expect(found(book, { provider: 'vertex_ai', model: 'meta/llama-3.3-70b-instruct-maas' })).toMatchObject({ known: false, free: false });
  });

  test('a name in the map stands for its dated and regional forms', () => {
    const book = bookOf({
      'bedrock/anthropic.claude-x': { input_cost_per_token: 1e-6 },
      'vertex_ai/gemini-x': { input_cost_per_token: 1e-6 },
    });
    expect(found(book, { provider: 'bedrock', model: 'apac.anthropic.claude-x-20250929-v1:0' })).toMatchObject({ known: true });
    expect(found(book, { provider: 'vertex_ai', model: 'gemini-x@20250101' })).toMatchObject({ known: true });
    expect(found(book, { provider: 'vertex_ai', model: 'gemini-y' })).toMatchObject({ known: false });
  });

  test('a model of a provider that the data does not know is unpriced, never an error', () => {
    const cost = bookOf({}, catalogue).priceOf({ provider: 'hyperbolic', model: 'gpt-4o', custom: {} }).costOf(MILLION, NOON);
    expect(cost).toMatchObject({ unpriced: true, origin: null, terms: [] });
    expect(dollars(cost)).toBe('0');
  });

  test.each([
    ['ft:gpt-4o-2024-08-06:org::id', ['ft:gpt-4o-2024-08-06:org::id', 'gpt-4o-2024-08-06', 'gpt-4o']],
    [
      'us.anthropic.claude-x-20250929-v1:0',
      ['us.anthropic.claude-x-20250929-v1:0', 'anthropic.claude-x-20250929-v1:0', 'anthropic.claude-x-20250929', 'anthropic.claude-x'],
    ],
    ['gemini-x@20250101', ['gemini-x@20250101', 'gemini-x']],
    ['claude-x-latest', ['claude-x-latest', 'claude-x']],
    ['models/gemini-x', ['models/gemini-x', 'gemini-x']],
    ['deepseek-v3', ['deepseek-v3']],
  ])('%s may stand under %j', (model, names) => {
    expect(modelNames(model)).toEqual(names);
  });
});

describe('what is free and what is unknown', () => {
  test('a local server costs nothing', () => {
    expect(found(bookOf({}, catalogue), { provider: 'ollama', model: 'qwen3:8b' })).toMatchObject({
      known: true,
      free: true,
      unpriced: false,
      usd: '0',
      source: 'local',
    });
  });

  test('a local server with a price of its own costs that', () => {
    const custom = { input_cost_per_token: '1e-6' };
    expect(found(bookOf({}, catalogue), { provider: 'lm_studio', model: 'gpt-4o', custom })).toMatchObject({
      free: false,
      usd: '0.001',
      source: 'config',
    });
  });

  test('input and output set to 0 are free, and no cache price of the table comes in', () => {
    const price = bookOf({}, catalogue).priceOf({
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      custom: { input_cost_per_token: '0', output_cost_per_token: '0.0' },
    });
    expect(price).toMatchObject({ known: true, free: true });
    expect(
      dollars(price.costOf(usage({ inputTokens: 9000, cacheReadTokens: 5000, cacheWriteTokens: 1000, webSearchRequests: 1 }), NOON)),
    ).toBe('0');
  });

  test('input set to 0 leaves the table its output price, and not its cache prices', () => {
    const price = bookOf({}, catalogue).priceOf({
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      custom: { input_cost_per_token: '0' },
    });
    expect(price.free).toBe(false);
    expect(dollars(price.costOf(usage({ inputTokens: 9000, cacheReadTokens: 5000, outputTokens: 100 }), NOON))).toBe('0.0015');
  });

  test('a price per second does not bring the token prices of the table with it', () => {
    const price = bookOf({}, catalogue).priceOf({ provider: 'openai', model: 'gpt-4o', custom: { input_cost_per_second: '0.001' } });
    expect(dollars(price.costOf(usage({ inputTokens: 1000, outputTokens: 1000, seconds: 2 }), NOON))).toBe('0.002');
  });

  test('a row of the bundled data without prices is free only where that is what it means', () => {
    const book = bookOf({}, catalogue);
    expect(book.priceOf({ provider: 'gemini', model: 'gemma-3-27b-it', custom: {} })).toMatchObject({ known: true, free: true });
    expect(book.priceOf({ provider: 'vertex_ai', model: 'gemma-3-27b-it', custom: {} })).toMatchObject({ known: false, free: false });
  });

  test('a usage of which nothing has a price is marked', () => {
    const price = bookOf({ 'openai/tts': { input_cost_per_character: 1e-6 } }).priceOf({ provider: 'openai', model: 'tts', custom: {} });
    expect(price.costOf(usage({ inputTokens: 5 }), NOON).unpriced).toBe(true);
    expect(price.costOf(usage({}), NOON).unpriced).toBe(false);
  });

  test('a key that is no price is left out and told; the others count', () => {
    const subject = {
      provider: 'openai',
      model: 'x',
      custom: { input_cost_per_token: '1e-6', output_cost_per_token: 'cheap', cache_read_input_token_cost: '-1' },
    };
    const book = bookOf({});
    expect(book.problemsOf(subject)).toEqual(['output_cost_per_token: not a price', 'cache_read_input_token_cost: negative']);
    expect(found(book, subject)).toMatchObject({ usd: '0.001' });
  });
});

describe("the provider's own figure", () => {
  const reported = usage({ inputTokens: 1000, outputTokens: 10, reportedCost: '1.5e-3' });

  test('wins over the tables for OpenRouter', () => {
    const cost = bookOf({}, catalogue).priceOf({ provider: 'openrouter', model: 'openai/gpt-4o', custom: {} }).costOf(reported, NOON);
    expect(dollars(cost)).toBe('0.0015');
    expect(cost.origin?.source).toBe('provider');
    expect(cost.terms).toEqual([{ kind: 'reported', quantity: '1', unitPrice: '0.0015' }]);
  });

  test('does not win over a price set for the deployment', () => {
    const price = bookOf({}, catalogue).priceOf({
      provider: 'openrouter',
      model: 'openai/gpt-4o',
      custom: { input_cost_per_token: '1e-6', output_cost_per_token: '0' },
    });
    expect(dollars(price.costOf(reported, NOON))).toBe('0.001');
  });

  test('is taken from any provider where no table knows the model', () => {
    const cost = bookOf({}, catalogue).priceOf({ provider: 'perplexity', model: 'sonar-next', custom: {} }).costOf(reported, NOON);
    expect([dollars(cost), cost.unpriced]).toEqual(['0.0015', false]);
  });

  test('is not taken from other providers where a table knows the model', () => {
    expect(
      dollars(
        bookOf({}, catalogue)
          .priceOf({ provider: 'perplexity', model: 'sonar', custom: {} })
          .costOf(usage({ inputTokens: 1000, reportedCost: '9' }), NOON),
      ),
    ).toBe('0.013');
  });

  test('is trusted for the providers that the owner names', () => {
    const book = new PriceBook({ catalogue, trustReported: ['xai'] });
    expect(dollars(book.priceOf({ provider: 'xai', model: 'grok-4.3', custom: {} }).costOf(reported, NOON))).toBe('0.0015');
  });

  test.each(['', 'free', '-0.1', 'NaN'])('is ignored when it says %j', (figure) => {
    const cost = bookOf({}, catalogue)
      .priceOf({ provider: 'openrouter', model: 'openai/gpt-4o', custom: {} })
      .costOf(usage({ inputTokens: 1000, reportedCost: figure }), NOON);
    expect(cost.origin?.source).toBe('catalogue');
  });
});

describe('what /model/info shows', () => {
  test('the prices that hold now as plain decimals, unknown ones as null', () => {
    const facts = bookOf({}, catalogue).infoOf({ provider: 'openai', model: 'gpt-4o', custom: {} }, NOON);
    expect(facts.prices).toEqual({
      input_cost_per_token: '0.0000025',
      output_cost_per_token: '0.00001',
      cache_creation_input_token_cost: null,
      cache_read_input_token_cost: '0.00000125',
    });
    expect(facts).toMatchObject({ key: 'openai/gpt-4o', maxInputTokens: 128_000, maxOutputTokens: null, mode: null });
  });

  test('a price set for the deployment, and sizes and abilities of the map', () => {
    const entry = {
      litellm_provider: 'openai',
      mode: 'chat',
      max_input_tokens: 8192,
      max_output_tokens: '4096',
      supports_vision: true,
      input_cost_per_token_above_200k_tokens_flex: 2e-7,
    };
    const facts = bookOf({ mine: entry }).infoOf({ provider: 'openai', model: 'mine', custom: { input_cost_per_token: '3e-07' } }, NOON);
    expect(facts).toMatchObject({
      key: 'mine',
      mode: 'chat',
      maxInputTokens: 8192,
      maxOutputTokens: 4096,
      supports: { supports_vision: true },
    });
    expect(facts.prices).toMatchObject({ input_cost_per_token: '0.0000003' });
  });

  test('an unknown model has nulls', () => {
    expect(bookOf({}).infoOf({ provider: 'openai', model: 'x', custom: {} }, NOON)).toEqual({
      key: null,
      mode: null,
      maxInputTokens: null,
      maxOutputTokens: null,
      prices: {
        input_cost_per_token: null,
        output_cost_per_token: null,
        cache_creation_input_token_cost: null,
        cache_read_input_token_cost: null,
      },
      supports: {},
    });
  });

  test('the models of a provider can be listed', () => {
    expect(bookOf({}, catalogue).modelsOf('xai')).toContain('grok-4.3');
    expect(bookOf({}, catalogue).modelsOf('no_such_provider')).toEqual([]);
  });
});
