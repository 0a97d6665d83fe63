import { loadCatalogue, whyNotCallable, type Catalogue } from '../src/providers/catalogue/catalogue.ts';
import type { ProviderRow } from '../src/providers/catalogue/row.ts';
import { writePage } from './generated-page.ts';

/** Writes `docs/providers.md` from the catalogue: `node scripts/providers-page.ts`. A test compares the two. */

export function providersPage(catalogue: Catalogue): string {
  const callable = catalogue.rows.filter((row) => whyNotCallable(row) === null);
  const later = catalogue.rows.filter((row) => whyNotCallable(row) !== null);
  return [
    '# Providers',
    '',
    `Made from \`src/providers/catalogue/providers.json\`; do not edit. ${catalogue.rows.length} providers are known, ${callable.length} can be called.`,
    '',
    'Write `<prefix>/<model>` in `litellm_params.model`. The key comes from `api_key` or the variable; the address from `api_base`, its variable, or the default.',
    'Every server that speaks OpenAI’s interface can be called without a row of its own: `openai/<model>` with `api_base`.',
    'Where Responses are on request, `<prefix>/responses/<model>` or `model_info: { mode: responses }` asks for them; so it does for `openai/` with an `api_base` of your own.',
    'How sure we are of a row: `high` is compared with the vendor’s documentation line by line, `low` is hearsay.',
    '',
    '## Callable',
    '',
    '| prefix | provider | speaks | default address | key | sure |',
    '|---|---|---|---|---|---|',
    ...byId(callable).map(callableLine),
    '',
    '## Not callable',
    '',
    'These rows are kept, so that a deployment that names one is told why: it is left out with the reason, and the others work.',
    '',
    '| prefix | provider | why not |',
    '|---|---|---|',
    ...byId(later).map((row) => cells([prefixes(row), link(row), whyNotCallable(row) ?? ''])),
    '',
  ].join('\n');
}

function byId(rows: readonly ProviderRow[]): ProviderRow[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function callableLine(row: ProviderRow): string {
  const keyless = row.auth.type === 'none' || row.auth.optional;
  const key = row.keys?.map(code).join(' or ') ?? '';
  return cells([
    prefixes(row),
    link(row),
    spoken(row),
    row.base === undefined ? 'your own (`api_base`)' : code(row.base),
    keyless ? `none needed${key === '' ? '' : ` (${key})`}` : key,
    row.confidence,
  ]);
}

/** Whom calls in the words of Responses reach as they are, unasked or only when a row asks for it. */
function spoken(row: ProviderRow): string {
  if (row.dialect !== 'openai' || !row.endpoints.includes('responses')) return row.dialect;
  return row.responses === undefined ? `${row.dialect} (Responses on request)` : `${row.dialect}, Responses`;
}

function prefixes(row: ProviderRow): string {
  return [row.id, ...(row.aliases ?? [])].map((name) => code(`${name}/`)).join(' ');
}

function link({ name, website }: ProviderRow): string {
  return `[${name}](${website})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (import.meta.main) writePage('providers.md', providersPage(await loadCatalogue()));
