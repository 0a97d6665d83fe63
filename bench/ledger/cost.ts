/**
 * What pricing costs: making a price, billing a call, estimating one. Run with `node bench/ledger/cost.ts`.
 * Exits with 1 when billing a call takes 2 µs of CPU or more.
 */
import { usdOf } from '../../src/core/money.ts';
import type { Usage } from '../../src/core/usage.ts';
import { loadCatalogue } from '../../src/ledger/prices/catalogue/load.ts';
import { PriceBook } from '../../src/ledger/prices/price-book.ts';
import { estimateBody } from '../../src/ledger/tokens/estimate-body.ts';

const AT = Date.parse('2026-09-30T12:00:00Z');
const BAR_NS = 2000;

const CHAT: Usage = { inputTokens: 1200, outputTokens: 300 };
const DETAILED: Usage = {
  inputTokens: 21_510,
  cacheReadTokens: 20_000,
  cacheWriteTokens: 1000,
  cacheWriteHourTokens: 500,
  outputTokens: 503,
  reasoningTokens: 100,
};

/** CPU nanoseconds a call, the best of seven rounds: other programs on the machine count little. */
function measure(name: string, runs: number, act: () => unknown): number {
  for (let i = 0; i < runs / 10; i++) act();
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < runs; i++) act();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / runs);
  }
  console.log(`${name.padEnd(52)} ${best.toFixed(0).padStart(9)} ns`);
  return best;
}

const book = new PriceBook({ catalogue: await loadCatalogue(null) });
const sonnet = book.priceOf({ provider: 'anthropic', model: 'claude-sonnet-4-5', custom: {} });
const router = book.priceOf({ provider: 'openrouter', model: 'anthropic/claude-sonnet-4.5', custom: {} });
const image = `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,${'iVBORw0K'.repeat(625_000)}"}}]}]}`;
const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(450) }] });

const billing = [
  measure('costOf: input and output', 300_000, () => sonnet.costOf(CHAT, AT)),
  measure('costOf: six terms with caches and reasoning', 300_000, () => sonnet.costOf(DETAILED, AT)),
  measure("costOf: the provider's own figure", 300_000, () => router.costOf({ ...CHAT, reportedCost: '0.00123' }, AT)),
];
measure('estimate', 300_000, () => sonnet.estimate(1200, 4096, AT));
measure('reading an amount, for comparison', 300_000, () => usdOf('0.00123'));
measure('estimateBody: 0.5 kB of text', 100_000, () => estimateBody(body));
measure('estimateBody: 5 MB image', 20, () => estimateBody(image));
measure('priceOf: anthropic', 2000, () => book.priceOf({ provider: 'anthropic', model: 'claude-sonnet-4-5', custom: {} }));
measure('priceOf: openrouter, the largest', 2000, () =>
  book.priceOf({ provider: 'openrouter', model: 'anthropic/claude-sonnet-4.5', custom: {} }),
);

if (billing.some((ns) => ns >= BAR_NS)) {
  console.error(`billing a call takes ${BAR_NS} ns or more`);
  process.exitCode = 1;
}
