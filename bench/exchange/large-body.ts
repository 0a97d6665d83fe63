/**
 * What the gateway does with a body of 100 kB that passes as bytes, part by part, beside parsing it and writing it anew.
 *
 *     node bench/exchange/large-body.ts
 */
import { JsonDocument } from '../../src/core/json-document.ts';
import { estimateBody } from '../../src/ledger/tokens/estimate-body.ts';
import { loadCatalogue } from '../../src/providers/catalogue/catalogue.ts';
import { needsRewrite } from '../../src/providers/quirks/plan.ts';
import { resolveDeployment } from '../../src/providers/resolve.ts';

const ROUNDS = 1000;
const SENTENCE = 'The quick brown fox jumps over the lazy dog. "quoted" \n';
const body = Buffer.from(JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: SENTENCE.repeat(1800) }] }));
const params = { model: 'openai/gpt-4o', api_base: 'http://127.0.0.1:1/v1', api_key: 'none' };
const { quirks } = resolveDeployment(params, { catalogue: await loadCatalogue(), env: () => undefined });
const document = JsonDocument.read(body);
const members = new Set(document.names());
const value: unknown = JSON.parse(body.toString());

function measure(name: string, work: () => unknown): void {
  for (let round = 0; round < ROUNDS / 2; round++) work();
  const started = performance.now();
  for (let round = 0; round < ROUNDS; round++) work();
  console.log(`${(((performance.now() - started) * 1000) / ROUNDS).toFixed(0).padStart(5)} µs  ${name}`);
}

console.log(`a body of ${body.length} bytes`);
measure('scan', () => JsonDocument.read(body));
measure('search for media', () => estimateBody(document.latin1));
measure('search for what the provider would refuse', () => needsRewrite(quirks, members, document.latin1));
measure('copy with another model name', () => document.edited(new Map([['model', '"other"']])));
measure('parse', () => JSON.parse(body.toString()) as unknown);
measure('write anew', () => Buffer.from(JSON.stringify(value)));
