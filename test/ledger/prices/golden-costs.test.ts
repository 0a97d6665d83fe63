import { beforeAll, describe, expect, test } from 'vitest';
import { addUsd, NO_USD, usdText } from '../../../src/core/money.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { loadCatalogue } from '../../../src/ledger/prices/catalogue/load.ts';
import { PriceBook } from '../../../src/ledger/prices/price-book.ts';
import { bookOf, dollars, NOON, usage } from './price-fixtures.ts';

interface Sample {
  readonly what: string;
  readonly provider: string;
  readonly model: string;
  readonly used: Partial<Usage>;
  readonly custom?: Record<string, unknown>;
  readonly at?: string;
  readonly usd: string;
}

/** Prices of the bundled data, per million tokens where nothing else is said. Each sum is worked out by hand. */
const BUNDLED: readonly Sample[] = [
  {
    // 2.50 in, 1.25 cached, 10 out: 600*2.5e-6 = 0.0015, 400*1.25e-6 = 0.0005, 200*1e-5 = 0.002
    what: 'OpenAI with cached input',
    provider: 'openai',
    model: 'gpt-4o-2024-08-06',
    used: { inputTokens: 1000, cacheReadTokens: 400, outputTokens: 200 },
    usd: '0.004',
  },
  {
    // 2 in, 0.50 cached, 8 out: 86*2e-6 = 0.000172, 1920*5e-7 = 0.00096, (172+128)*8e-6 = 0.0024
    what: 'OpenAI with cached input and reasoning',
    provider: 'openai',
    model: 'o3',
    used: { inputTokens: 2006, cacheReadTokens: 1920, outputTokens: 300, reasoningTokens: 128 },
    usd: '0.003532',
  },
  {
    // before 2025-06-10: 10 in, 0.50 cached, 40 out: 0.00086 + 0.00096 + 0.012
    what: 'the same call before the price fell',
    provider: 'openai',
    model: 'o3',
    used: { inputTokens: 2006, cacheReadTokens: 1920, outputTokens: 300, reasoningTokens: 128 },
    at: '2025-06-09T23:59:59.999Z',
    usd: '0.01382',
  },
  {
    // 4 in, 32 audio in, 0.40 cached (text and audio), 16 out, 64 audio out. Of 600 audio tokens 200 were cached, of 300
    // cached tokens 100 were text: text 1000-300-400 = 300*4e-6 = 0.0012, cached 300*4e-7 = 0.00012,
    // audio 400*3.2e-5 = 0.0128, out 20*1.6e-5 = 0.00032, audio out 80*6.4e-5 = 0.00512
    what: 'OpenAI realtime with cached audio',
    provider: 'openai',
    model: 'gpt-realtime',
    used: {
      inputTokens: 1000,
      audioInputTokens: 600,
      cacheReadTokens: 300,
      cacheReadAudioTokens: 200,
      outputTokens: 100,
      audioOutputTokens: 80,
    },
    usd: '0.01956',
  },
  {
    // 3 in, 0.30 read, 3.75 written, 6 written for an hour, 15 out:
    // 10*3e-6 = 0.00003, 20000*3e-7 = 0.006, 1000*3.75e-6 = 0.00375, 500*6e-6 = 0.003, 503*1.5e-5 = 0.007545
    what: 'Anthropic with cache reads and writes of both lives',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5-20250929',
    used: { inputTokens: 21510, cacheReadTokens: 20000, cacheWriteTokens: 1000, cacheWriteHourTokens: 500, outputTokens: 503 },
    usd: '0.020325',
  },
  {
    // at the threshold, not above: 200000*3e-6 = 0.6, 1000*1.5e-5 = 0.015
    what: 'Anthropic at 200,000 input tokens',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    used: { inputTokens: 200_000, outputTokens: 1000 },
    usd: '0.615',
  },
  {
    // above: 6 in, 0.60 read, 7.50 written, 22.50 out, for the whole call:
    // 100001*6e-6 = 0.600006, 60000*6e-7 = 0.036, 40000*7.5e-6 = 0.3, 1000*2.25e-5 = 0.0225
    what: 'Anthropic above 200,000 input tokens, cached ones counted in',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    used: { inputTokens: 200_001, cacheReadTokens: 60_000, cacheWriteTokens: 40_000, outputTokens: 1000 },
    usd: '0.958506',
  },
  {
    // the input alone counts for the threshold: 1000*3e-6 = 0.003, 300000*1.5e-5 = 4.5
    what: 'Anthropic with much output and little input',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    used: { inputTokens: 1000, outputTokens: 300_000 },
    usd: '4.503',
  },
  {
    // EU profile, 10 % above the list: 100*3.3e-6 = 0.00033, 10*1.65e-5 = 0.000165
    what: 'Bedrock in a region',
    provider: 'bedrock',
    model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    used: { inputTokens: 100, outputTokens: 10 },
    usd: '0.000495',
  },
  {
    // 1.25 in, 0.125 read, 10 out up to 200k: 199000*1.25e-6 = 0.24875, 1000*1.25e-7 = 0.000125, 1000*1e-5 = 0.01
    what: 'Gemini at 200,000 input tokens, thoughts in the output',
    provider: 'gemini',
    model: 'gemini-2.5-pro',
    used: { inputTokens: 200_000, cacheReadTokens: 1000, outputTokens: 1000, reasoningTokens: 700 },
    usd: '0.258875',
  },
  {
    // 2.50 in, 0.25 read, 15 out above: 199001*2.5e-6 = 0.4975025, 1000*2.5e-7 = 0.00025, 1000*1.5e-5 = 0.015
    what: 'Gemini above 200,000 input tokens',
    provider: 'vertex_ai',
    model: 'gemini-2.5-pro',
    used: { inputTokens: 200_001, cacheReadTokens: 1000, outputTokens: 1000, reasoningTokens: 700 },
    usd: '0.5127525',
  },
  {
    // 0.30 in, 1 audio in, 2.50 out: 50*3e-7 = 0.000015, 250*1e-6 = 0.00025, 100*2.5e-6 = 0.00025
    what: 'Gemini with audio input',
    provider: 'gemini',
    model: 'gemini-2.5-flash',
    used: { inputTokens: 300, audioInputTokens: 250, outputTokens: 100 },
    usd: '0.000515',
  },
  {
    // 0.27 in, 0.07 hit, 1.10 out in the day: 400*2.7e-7 = 0.000108, 600*7e-8 = 0.000042, 400*1.1e-6 = 0.00044
    what: 'DeepSeek with cache hits, in its day',
    provider: 'deepseek',
    model: 'deepseek-chat',
    used: { inputTokens: 1000, cacheReadTokens: 600, outputTokens: 400 },
    usd: '0.00059',
  },
  {
    // half of it from 16:30 UTC: 400*1.35e-7 = 0.000054, 600*3.5e-8 = 0.000021, 400*5.5e-7 = 0.00022
    what: 'DeepSeek in its night, to the second',
    provider: 'deepseek',
    model: 'deepseek-chat',
    used: { inputTokens: 1000, cacheReadTokens: 600, outputTokens: 400 },
    at: '2026-09-30T16:30:00Z',
    usd: '0.000295',
  },
  {
    // 1.25 in, 2.50 out below 200,000; 2.50 in, 5 out from 200,000 on: 200000*2.5e-6 = 0.5, 10*5e-6 = 0.00005
    what: 'xAI at its inclusive threshold',
    provider: 'xai',
    model: 'grok-4.3',
    used: { inputTokens: 200_000, outputTokens: 10 },
    usd: '0.50005',
  },
  {
    // 0.02: 8*2e-8
    what: 'embeddings',
    provider: 'openai',
    model: 'text-embedding-3-small',
    used: { inputTokens: 8 },
    usd: '0.00000016',
  },
  {
    // 1 in, 1 out, 12 for 1,000 requests: 100*1e-6 = 0.0001, 200*1e-6 = 0.0002, 0.012
    what: 'a price per request beside tokens',
    provider: 'perplexity',
    model: 'sonar',
    used: { inputTokens: 100, outputTokens: 200 },
    usd: '0.0123',
  },
  {
    // 2.50 in, 10 out, 10 for 1,000 searches: 1000*2.5e-6 = 0.0025, 100*1e-5 = 0.001, 2*0.01 = 0.02
    what: 'web searches',
    provider: 'openai',
    model: 'gpt-4o',
    used: { inputTokens: 1000, outputTokens: 100, webSearchRequests: 2 },
    usd: '0.0235',
  },
  {
    // 2.50 for 1,000 searches in files: 0.0025 + 0.001 + 2*0.0025
    what: 'searches in files',
    provider: 'openai',
    model: 'gpt-4o',
    used: { inputTokens: 1000, outputTokens: 100, fileSearches: 2 },
    usd: '0.0085',
  },
  {
    // 0.36 an hour: 7.25*0.36/3600
    what: 'transcription by the second',
    provider: 'openai',
    model: 'whisper-1',
    used: { seconds: 7.25 },
    usd: '0.000725',
  },
  {
    // 0.111 an hour, ten seconds at least: 10*0.111/3600 = 0.000308333333333333...
    what: 'an hour price that does not end, and a minimum length',
    provider: 'groq',
    model: 'whisper-large-v3',
    used: { seconds: 3 },
    usd: '0.000308333333333',
  },
  {
    // 5 in, 10 image in, 40 out: 20*5e-6 = 0.0001, 1000*1e-5 = 0.01, 272*4e-5 = 0.01088
    what: 'an image by its tokens',
    provider: 'openai',
    model: 'gpt-image-1',
    used: { inputTokens: 1020, imageInputTokens: 1000, outputTokens: 272, images: 1 },
    usd: '0.02098',
  },
  {
    // input 2.70, output 13.50 set; cache prices of the table:
    // 10*2.7e-6 = 0.000027, 0.006 + 0.00375 + 0.003 as above, 503*1.35e-5 = 0.0067905
    what: 'partial prices of a deployment, completed from the table',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    custom: { input_cost_per_token: '2.7e-6', output_cost_per_token: '0.0000135' },
    used: { inputTokens: 21510, cacheReadTokens: 20000, cacheWriteTokens: 1000, cacheWriteHourTokens: 500, outputTokens: 503 },
    usd: '0.0195675',
  },
  {
    // a price set without threshold holds above it too; the table's cache price there is 0.60:
    // 140001*2.7e-6 = 0.3780027, 60000*6e-7 = 0.036, 1000*1.35e-5 = 0.0135
    what: 'partial prices above a threshold',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    custom: { input_cost_per_token: '2.7e-6', output_cost_per_token: '0.0000135' },
    used: { inputTokens: 200_001, cacheReadTokens: 60_000, outputTokens: 1000 },
    usd: '0.4275027',
  },
];

describe('golden samples on the bundled prices', () => {
  let book: PriceBook;
  beforeAll(async () => {
    book = new PriceBook({ catalogue: await loadCatalogue(null) });
  });
  test.each(BUNDLED)('$what: $usd', ({ provider, model, used, custom = {}, at, usd }) => {
    const cost = book.priceOf({ provider, model, custom }).costOf(usage(used), at === undefined ? NOON : Date.parse(at));
    expect(dollars(cost)).toBe(usd);
  });
});

/** Prices of a LiteLLM-shaped map. */
const MAP = {
  'gpt-5': {
    litellm_provider: 'openai',
    input_cost_per_token: 1.25e-6,
    input_cost_per_token_flex: 6.25e-7,
    input_cost_per_token_priority: 2.5e-6,
    cache_read_input_token_cost: 1.25e-7,
    cache_read_input_token_cost_flex: 6.25e-8,
    output_cost_per_token: 1e-5,
    output_cost_per_token_flex: 5e-6,
    output_cost_per_token_priority: 2e-5,
  },
  'gpt-4o-audio-preview': {
    litellm_provider: 'openai',
    input_cost_per_token: 2.5e-6,
    output_cost_per_token: 1e-5,
    input_cost_per_audio_token: 4e-5,
    output_cost_per_audio_token: 8e-5,
  },
  'gemini/gemini-2.5-pro': {
    litellm_provider: 'gemini',
    input_cost_per_token: 1.25e-6,
    input_cost_per_token_above_200k_tokens: 2.5e-6,
    input_cost_per_token_above_200k_tokens_priority: 4.5e-6,
    input_cost_per_token_priority: 2.25e-6,
    output_cost_per_token: 1e-5,
    output_cost_per_token_above_200k_tokens: 1.5e-5,
    search_context_cost_per_query: { search_context_size_low: 0.035, search_context_size_medium: 0.035, search_context_size_high: 0.035 },
  },
  'gemini/gemini-3-flash': {
    litellm_provider: 'gemini',
    input_cost_per_token: '5e-7',
    output_cost_per_token: '3e-6',
    web_search_billing_unit: 'per_query',
    search_context_cost_per_query: { search_context_size_low: 0.014, search_context_size_medium: 0.014, search_context_size_high: 0.014 },
  },
  'openai/gpt-4o-search': {
    input_cost_per_token: 0.0000025,
    output_cost_per_token: 0.00001,
    file_search_cost_per_1k_calls: 2.5,
    code_interpreter_cost_per_session: 0.03,
    search_context_cost_per_query: { search_context_size_low: 0.03, search_context_size_medium: 0.035, search_context_size_high: 0.05 },
  },
  'dashscope/qwen-plus': {
    litellm_provider: 'dashscope',
    tiered_pricing: [
      { range: [0, 32_000], input_cost_per_token: 4e-7, output_cost_per_token: 1.2e-6 },
      { range: [32_000, 128_000], input_cost_per_token: 8e-7, output_cost_per_token: 2.4e-6 },
    ],
  },
  'xai/grok-4': {
    litellm_provider: 'xai',
    input_cost_per_token: 3e-6,
    input_cost_per_token_above_128k_tokens: 6e-6,
    output_cost_per_token: 1.5e-5,
  },
  'tts-1': { litellm_provider: 'openai', input_cost_per_character: 1.5e-5 },
  'hd/1024-x-1792/dall-e-3': { litellm_provider: 'openai', input_cost_per_pixel: 6.539e-8, output_cost_per_pixel: 0 },
  'gpt-image': { litellm_provider: 'openai', output_cost_per_image: 0.042 },
  'cohere/rerank-v3.5': {
    litellm_provider: 'cohere',
    mode: 'rerank',
    input_cost_per_query: 0.002,
    input_cost_per_token: 0,
    output_cost_per_token: 0,
  },
  'sagemaker/llama': { litellm_provider: 'sagemaker', input_cost_per_second: 0.00042 },
  night: {
    input_cost_per_token: 1e-6,
    output_cost_per_token: 2e-6,
    off_peak_pricing: { hours_utc: '16:30-00:30', output_cost_per_token: 5e-7 },
  },
};

const MAPPED: readonly Sample[] = [
  // 900*6.25e-7 = 0.0005625, 100*6.25e-8 = 0.00000625, 100*5e-6 = 0.0005
  {
    what: 'flex',
    provider: 'openai',
    model: 'gpt-5',
    used: { inputTokens: 1000, cacheReadTokens: 100, outputTokens: 100, serviceTier: 'flex' },
    usd: '0.00106875',
  },
  // 900*2.5e-6 = 0.00225, cached has no priority price: 100*1.25e-7 = 0.0000125, 100*2e-5 = 0.002
  {
    what: 'priority',
    provider: 'openai',
    model: 'gpt-5',
    used: { inputTokens: 1000, cacheReadTokens: 100, outputTokens: 100, serviceTier: 'priority' },
    usd: '0.0042625',
  },
  // no batch price: 1000*1.25e-6 = 0.00125, 100*1e-5 = 0.001
  {
    what: 'a tier without a price is the base',
    provider: 'openai',
    model: 'gpt-5',
    used: { inputTokens: 1000, outputTokens: 100, serviceTier: 'batch' },
    usd: '0.00225',
  },
  // 20*2.5e-6 = 0.00005, 100*4e-5 = 0.004, 10*1e-5 = 0.0001, 40*8e-5 = 0.0032
  {
    what: 'audio in and out',
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    used: { inputTokens: 120, audioInputTokens: 100, outputTokens: 50, audioOutputTokens: 40 },
    usd: '0.00735',
  },
  // 200001*4.5e-6 = 0.9000045, no priority output above: 1000*1.5e-5 = 0.015
  {
    what: 'a tier above a threshold',
    provider: 'gemini',
    model: 'gemini-2.5-pro',
    used: { inputTokens: 200_001, outputTokens: 1000, serviceTier: 'priority' },
    usd: '0.9150045',
  },
  // Gemini 2: one grounded prompt whatever it searched: 10*1.25e-6 = 0.0000125, 0.035
  {
    what: 'searches by the prompt',
    provider: 'gemini',
    model: 'gemini-2.5-pro',
    used: { inputTokens: 10, webSearchRequests: 3 },
    usd: '0.0350125',
  },
  // Gemini 3: 10*5e-7 = 0.000005, 3*0.014 = 0.042
  {
    what: 'searches by the query',
    provider: 'gemini',
    model: 'gemini-3-flash',
    used: { inputTokens: 10, webSearchRequests: 3 },
    usd: '0.042005',
  },
  // 10*2.5e-6 = 0.000025, 3*2.5/1000, 2*0.03
  {
    what: 'searches in files and sandboxes for code',
    provider: 'openai',
    model: 'gpt-4o-search',
    used: { inputTokens: 10, fileSearches: 3, codeSessions: 2 },
    usd: '0.067525',
  },
  // 10*2.5e-6 = 0.000025, 2*0.05
  {
    what: 'searches by context size',
    provider: 'openai',
    model: 'gpt-4o-search',
    used: { inputTokens: 10, webSearchRequests: 2, webSearchContextSize: 'high' },
    usd: '0.100025',
  },
  // 32000*4e-7 = 0.0128, 100*1.2e-6 = 0.00012
  {
    what: 'tiered pricing at the end of a range',
    provider: 'dashscope',
    model: 'qwen-plus',
    used: { inputTokens: 32_000, outputTokens: 100 },
    usd: '0.01292',
  },
  // 32001*8e-7 = 0.0256008, 100*2.4e-6 = 0.00024
  {
    what: 'tiered pricing past it',
    provider: 'dashscope',
    model: 'qwen-plus',
    used: { inputTokens: 32_001, outputTokens: 100 },
    usd: '0.0258408',
  },
  // xAI's "above 128k" begins at 128,000: 128000*6e-6
  { what: "xAI's threshold in a map", provider: 'xai', model: 'grok-4', used: { inputTokens: 128_000 }, usd: '0.768' },
  // 43*1.5e-5
  { what: 'speech by the character', provider: 'openai', model: 'tts-1', used: { characters: 43 }, usd: '0.000645' },
  // 0.042 each
  { what: 'images by the piece', provider: 'openai', model: 'gpt-image', used: { images: 3 }, usd: '0.126' },
  // 1 search unit
  { what: 'rerank by the query', provider: 'cohere', model: 'rerank-v3.5', used: { searchUnits: 1 }, usd: '0.002' },
  // 1.5*0.00042
  {
    what: 'a chat model by wall time',
    provider: 'sagemaker',
    model: 'llama',
    used: { inputTokens: 100, outputTokens: 10, seconds: 1.5 },
    usd: '0.00063',
  },
  // 100*1e-6 + 100*2e-6
  { what: 'the day of an off-peak price', provider: 'any', model: 'night', used: { inputTokens: 100, outputTokens: 100 }, usd: '0.0003' },
  // 100*1e-6 + 100*5e-7
  {
    what: 'its night, past midnight',
    provider: 'any',
    model: 'night',
    used: { inputTokens: 100, outputTokens: 100 },
    at: '2026-10-01T00:29:59Z',
    usd: '0.00015',
  },
];

describe('golden samples on a price map', () => {
  const book = bookOf(MAP);
  test.each(MAPPED)('$what: $usd', ({ provider, model, used, at, usd }) => {
    const cost = book.priceOf({ provider, model, custom: {} }).costOf(usage(used), at === undefined ? NOON : Date.parse(at));
    expect(dollars(cost)).toBe(usd);
  });

  test('an image of one size and quality: 1024*1792 pixels at 6.539e-8', () => {
    const price = book.priceOf({ provider: 'openai', model: 'dall-e-3', variant: 'hd/1024-x-1792', custom: {} });
    // 1835008*6.539e-8 = 0.11999117312
    expect(dollars(price.costOf(usage({ images: 1, imagePixels: 1024 * 1792 }), NOON))).toBe('0.11999117312');
  });
});

test('twenty calls for 3.75e-5 are 0.00075', () => {
  // 10 in at 7.5e-7 and 20 out at 1.5e-6: 0.0000075 + 0.00003
  const price = bookOf({}).priceOf({
    provider: 'openai',
    model: 'x',
    custom: { input_cost_per_token: '7.5e-07', output_cost_per_token: '1.5e-06' },
  });
  let sum = NO_USD;
  for (let i = 0; i < 20; i++) sum = addUsd(sum, price.costOf(usage({ inputTokens: 10, outputTokens: 20 }), NOON).total);
  expect(usdText(sum)).toBe('0.00075');
});

test('a cost is rounded half up once, at 15 decimals', () => {
  const price = bookOf({}).priceOf({
    provider: 'openai',
    model: 'x',
    custom: { input_cost_per_token: '1e-16', output_cost_per_token: '3e-16' },
  });
  expect(dollars(price.costOf(usage({ inputTokens: 4 }), NOON))).toBe('0');
  expect(dollars(price.costOf(usage({ inputTokens: 5 }), NOON))).toBe('0.000000000000001');
  // 2*1e-16 + 1*3e-16 = 5e-16: rounding each part would give 0
  expect(dollars(price.costOf(usage({ inputTokens: 2, outputTokens: 1 }), NOON))).toBe('0.000000000000001');
});
