import type { BalanceAdjustment, LedgerRecord, SpendRecord } from '../core/spend-record.ts';

/** What a cell's text is read as; `time` is milliseconds since 1970. */
type CellType = 'text' | 'uuid' | 'numeric' | 'bigint' | 'boolean' | 'time' | 'text[]' | 'json';

/** The columns of `gateway.spend_logs` that a record fills, in the order in which they stand in a line. */
export const SPEND_COLUMNS = {
  request_id: 'uuid', call_id: 'text', call_type: 'text', api_key: 'text', spend: 'numeric',
  prompt_tokens: 'bigint', completion_tokens: 'bigint', total_tokens: 'bigint',
  cache_read_tokens: 'bigint', cache_creation_tokens: 'bigint', reasoning_tokens: 'bigint',
  start_time: 'time', end_time: 'time', completion_start_time: 'time', request_duration_ms: 'bigint',
  model: 'text', model_id: 'text', model_group: 'text', custom_llm_provider: 'text', api_base: 'text',
  user_id: 'text', team_id: 'text', organization_id: 'text', end_user: 'text', agent_id: 'text', project_id: 'text',
  status: 'text', cache_hit: 'boolean', cache_key: 'text', request_tags: 'text[]', requester_ip_address: 'text',
  session_id: 'text', mcp_namespaced_tool_name: 'text', metadata: 'json',
} as const satisfies Readonly<Record<Exclude<keyof SpendRecord, 'kind' | 'charges'>, CellType>>;

type Column = keyof typeof SPEND_COLUMNS;

const COLUMNS = Object.keys(SPEND_COLUMNS) as readonly Column[];

/** Callers choose these: they must fit an index entry. */
const CUT: ReadonlySet<string> = new Set<Column>(['call_id', 'model', 'model_group', 'user_id', 'team_id', 'organization_id', 'end_user', 'session_id']);
const LONGEST_INDEXED = 256;

/** How lines, their cells and cells without a value are told apart: characters that no cell holds. `flush-statement.ts` reads them. */
const LINE = '\x1e';
const CELL = '\x1f';
const NONE = '\x18';

/** The parameters of the flush statement from $4 on. */
export type FlushRows = readonly [calls: string, ids: string, times: string, bookings: string, charges: string, adjustments: string];

/**
 * Records as a few long texts. PostgreSQL takes a line of cells apart in a third of the time that it needs for a JSON object, and
 * joining texts costs less here than a driver's array of each column.
 *
 * Calls come in the order of their keys. Calls with the same accounts and windows share one booking: its number stands beside the
 * call's key, its charges once in `charges`.
 */
export function flushRows(records: readonly LedgerRecord[]): FlushRows {
  const calls = records.filter((record) => record.kind === 'settle').sort(byKey);
  const numbers = new Map<string, number>();
  const charges: string[] = [];
  const bookings = calls.map((call) => {
    const given = call.charges.map(({ account, windowStart }) => textCell(account) + CELL + windowStart);
    const list = given.join(LINE);
    const known = numbers.get(list);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(list, number);
    for (const charge of given) charges.push(number + CELL + charge);
    return number;
  });
  return [
    calls.map(lineOf).join(LINE),
    `{${calls.map((call) => call.request_id).join(',')}}`,
    `{${calls.map((call) => call.start_time).join(',')}}`,
    `{${bookings.join(',')}}`,
    charges.join(LINE),
    records.filter((record) => record.kind === 'adjust').map(adjustmentOf).join(LINE),
  ];
}

function byKey(a: SpendRecord, b: SpendRecord): number {
  if (a.request_id !== b.request_id) return a.request_id < b.request_id ? -1 : 1;
  return a.start_time - b.start_time;
}

function adjustmentOf({ account, windowStart, delta }: BalanceAdjustment): string {
  return [textCell(account), windowStart, delta].join(CELL);
}

function lineOf(call: SpendRecord): string {
  let line = '';
  for (const column of COLUMNS) line += (line === '' ? '' : CELL) + cellOf(call, column);
  return line;
}

function cellOf(call: SpendRecord, column: Column): string {
  // A journal that an older version wrote may lack a member.
  const value = call[column] ?? null;
  if (value === null) return NONE;
  if (typeof value === 'string') return textCell(value.length > LONGEST_INDEXED && CUT.has(column) ? value.slice(0, LONGEST_INDEXED) : value);
  if (typeof value !== 'object') return String(value);
  return column === 'request_tags' ? arrayCell(call.request_tags) : jsonCell(value);
}

/** An array as PostgreSQL writes it: the quotes and backslashes inside are escaped as in JSON. */
function arrayCell(texts: readonly string[]): string {
  if (texts.length === 0) return '{}';
  return `{${texts.map((text) => `"${textCell(text).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** What PostgreSQL's text cannot hold (NUL, half of a surrogate pair), and what tells our cells apart. */
const UNSTORABLE = /[\0\x18\x1e\x1f]|\p{Surrogate}/u;
const ALL_UNSTORABLE = new RegExp(UNSTORABLE, 'gu');

/** The text, with the replacement character for what cannot be stored. */
function textCell(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, '\ufffd') : text;
}

/** A pair of surrogates, or half of one, or NUL, as JSON escapes; an escaped backslash before them is no escape of theirs. */
const UNSTORABLE_ESCAPES = /(?<!\\)((?:\\\\)*)(?:(\\ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2})|\\u(?:0000|d[89a-f][\da-f]{2}))/gi;

/** JSON leaves no control character unescaped; a question for a member would fail on the escape of one that no text can hold. */
function jsonCell(value: object): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  return json.replace(UNSTORABLE_ESCAPES, (_, before: string, pair?: string) => before + (pair ?? '\\ufffd'));
}
