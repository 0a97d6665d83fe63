import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { calcPrice, waitForUpdate, type Provider } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Catalogue } from '../../../src/ledger/prices/catalogue/catalogue.ts';
import { packageCatalogueText } from '../../../src/ledger/prices/catalogue/extract.ts';
import { loadCatalogue } from '../../../src/ledger/prices/catalogue/load.ts';
import { catalogueSchedule } from '../../../src/ledger/prices/catalogue/schedule.ts';
import { decimalText } from '../../../src/ledger/prices/decimals.ts';
import { holdsAt } from '../../../src/ledger/prices/rates.ts';
import { TablePrice } from '../../../src/ledger/prices/table-price.ts';

let providers: readonly Provider[];
let catalogue: Catalogue;
let text: string;
beforeAll(async () => {
  providers = (await waitForUpdate()) ?? [];
  text = await packageCatalogueText();
  catalogue = new Catalogue(text);
});

describe('the file of bundled prices', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prices-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says the same as the package', async () => {
    const file = join(folder, 'prices.ndjson');
    await writeFile(file, text);
    const loaded = await loadCatalogue(pathToFileURL(file));
    expect(loaded.size).toBe(providers.length);
    expect(loaded.find('openai', 'gpt-4o')).toEqual(catalogue.find('openai', 'gpt-4o'));
  });

  test('may be missing: the package is read', async () => {
    const loaded = await loadCatalogue(pathToFileURL(join(folder, 'none')));
    expect(loaded.find('openai', 'gpt-4o')?.model.id).toBe('gpt-4o');
  });

  test('is less than half a megabyte', () => {
    expect(text.length).toBeLessThan(500_000);
  });
});

test.each([
  ['claude-opus-4-8', { fast: '2', us: '1.1' }],
  ['claude-opus-5-5', { fast: '2', us: '1.1' }],
  ['claude-opus-4-6', { fast: '6', us: '1.1' }],
  ['claude-sonnet-4-6', { fast: '2', us: '1.1' }],
  ['claude-opus-4-5', {}],
  ['claude-sonnet-4-5', {}],
])('%s is dearer in fast mode and in one country by %j', (model, factors) => {
  const hit = catalogue.find('anthropic', model);
  const [version] = (hit && catalogueSchedule(hit, 'anthropic')) ?? [];
  const told = Object.entries(version?.sheet.premiums ?? {}).map(([word, factor]) => [word, decimalText(factor)]);
  expect(Object.fromEntries(told)).toEqual(factors);
});

/** Models that our units can bill wholly by tokens. */
const TOKEN_KEYS = new Set([
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'web_searches_kcount',
  'storage_searches_kcount',
  'cache_write_1h_mtok',
]);

describe('against the package', () => {
  const at = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2027-06-01') });
  const count = fc.integer({ min: 0, max: 300_000 });

  test('the same model is found under the name of each row, also through the providers that another serves', () => {
    for (const [id, owner] of [
      ['openai', 'openai'],
      ['azure', 'openai'],
      ['azure', 'anthropic'],
      ['google', 'google'],
      ['google', 'anthropic'],
      ['openrouter', 'openrouter'],
      ['aws', 'aws'],
    ] as const) {
      for (const { id: name } of providers.find((provider) => provider.id === owner)?.models ?? []) {
        const theirs = calcPrice({}, name, { providerId: id });
        expect(catalogue.find(id, name)?.model.id ?? null, `${id}/${name}`).toBe(theirs?.model.id ?? null);
      }
    }
  });

  test('costs agree with its doubles, for any model, usage and time', () => {
    const models = providers.flatMap(({ id, models: rows }) => rows.map((row) => ({ provider: id, name: row.id })));
    fc.assert(
      fc.property(fc.constantFrom(...models), at, count, count, count, count, ({ provider, name }, time, text_, read, write, output) => {
        const theirs = calcPrice(
          { input_tokens: text_ + read + write, cache_read_tokens: read, cache_write_tokens: write, output_tokens: output },
          name,
          { providerId: provider, timestamp: new Date(time) },
        );
        const hit = catalogue.find(provider, name);
        const schedule = hit === null ? null : catalogueSchedule(hit, provider);
        fc.pre(theirs !== null && schedule !== null && Object.keys(theirs.model_price).every((key) => TOKEN_KEYS.has(key)));
        const price = new TablePrice({
          provider,
          schedule,
          origin: { source: 'catalogue', rule: name, date: null },
          adjustments: {},
          reportedFirst: false,
        });
        const ours = price.costOf(
          { inputTokens: text_ + read + write, cacheReadTokens: read, cacheWriteTokens: write, outputTokens: output },
          time,
        );
        expect(Number(ours.total) / 1e15).toBeCloseTo(theirs?.total_price ?? Number.NaN, 9);
      }),
      { numRuns: 1500 },
    );
  });

  test('every row has prices that we can bill by, or is known not to', () => {
    const unbilled = providers.flatMap(({ id, models }) =>
      models.filter((model) => catalogueSchedule({ provider: id, model }, id) === null).map((model) => `${id}/${model.id}`),
    );
    // OCR by the page, and rows without any price that do not say "free".
    expect(unbilled.filter((name) => !name.includes('-ocr-'))).toEqual([
      'cerebras/qwen-3-coder-480b',
      'github-copilot/gpt-3.5-turbo',
      'github-copilot/gpt-4.1',
      'github-copilot/gpt-4o',
      'github-copilot/gpt-4o-mini',
      'google/gemma-3',
      'google/gemma-3n',
      'google/gemma-4-26b-a4b-it',
      'google/gemma-4-31b-it',
      'huggingface_together/ServiceNow-AI/Apriel-1.6-15b-Thinker',
      'openrouter/gemini-2.5-pro-exp-03-25',
      'openrouter/google/gemini-flash-1.5-8b-exp',
      'openrouter/google/lyria-3-clip-preview',
      'openrouter/google/lyria-3-pro-preview',
    ]);
  });
});

test('a date is found with and without dashes', () => {
  const lines = new Catalogue(
    '{"id":"p","fallbacks":[],"models":[{"id":"m","match":{"equals":"m-2025-09-29"},"prices":{"input_mtok":1}}]}\n',
  );
  expect(lines.find('p', 'M-20250929')?.model.id).toBe('m');
  expect(lines.find('p', 'm-20251329')).toBeNull();
});

describe('conditions', () => {
  test('a window of the day includes its start and excludes its end', () => {
    const night = { type: 'daily', from: 16.5 * 3600, until: 0.5 * 3600 } as const;
    const holds = (time: string) => holdsAt(night, Date.parse(`2026-09-30T${time}Z`));
    expect(['16:29:59.999', '16:30:00', '23:59:59', '00:29:59.999', '00:30:00'].map(holds)).toEqual([false, true, true, true, false]);
  });

  test('the date of a dated price is told', () => {
    const hit = catalogue.find('openai', 'o3');
    const price = new TablePrice({
      provider: 'openai',
      schedule: hit === null ? null : catalogueSchedule(hit, 'openai'),
      origin: { source: 'catalogue', rule: 'openai/o3', date: null },
      adjustments: {},
      reportedFirst: false,
    });
    const dateAt = (time: string) => price.costOf({ inputTokens: 1, outputTokens: 1 }, Date.parse(time)).origin?.date;
    expect([dateAt('2025-06-09T23:59:59Z'), dateAt('2025-06-10T00:00:00Z')]).toEqual([null, '2025-06-10']);
  });
});
