import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BalanceAdjustment, LedgerRecord, SpendRecord } from '../core/spend-record.ts';

/** What PostgreSQL reads a cell as; `time` is milliseconds since 1970. */
type CellType = 'text' | 'uuid' | 'numeric' | 'bigint' | 'boolean' | 'time' | 'text[]' | 'json';

/**
 * The columns of `gateway.spend_logs` that a record fills, in the order in which they stand in a line. Each has a function of its
 * own: one that looks its member up by name takes twice as long, and a busy gateway makes a million cells a second.
 */
export const SPEND_COLUMNS: readonly (readonly [name: keyof SpendRecord, type: CellType, cell: (call: SpendRecord) => string])[] = [
  ['request_id', 'uuid', (call) => textCell(call.request_id)],
  ['call_id', 'text', (call) => shortCell(call.call_id)],
  ['call_type', 'text', (call) => textCell(call.call_type)],
  ['api_key', 'text', (call) => textCell(call.api_key)],
  ['spend', 'numeric', (call) => textCell(call.spend)],
  ['prompt_tokens', 'bigint', (call) => plainCell(call.prompt_tokens)],
  ['completion_tokens', 'bigint', (call) => plainCell(call.completion_tokens)],
  ['total_tokens', 'bigint', (call) => plainCell(call.total_tokens)],
  ['cache_read_tokens', 'bigint', (call) => plainCell(call.cache_read_tokens)],
  ['cache_creation_tokens', 'bigint', (call) => plainCell(call.cache_creation_tokens)],
  ['reasoning_tokens', 'bigint', (call) => plainCell(call.reasoning_tokens)],
  ['start_time', 'time', (call) => plainCell(call.start_time)],
  ['end_time', 'time', (call) => plainCell(call.end_time)],
  ['completion_start_time', 'time', (call) => plainCell(call.completion_start_time)],
  ['request_duration_ms', 'bigint', (call) => plainCell(call.request_duration_ms)],
  ['model', 'text', (call) => shortCell(call.model)],
  ['model_id', 'text', (call) => textCell(call.model_id)],
  ['model_group', 'text', (call) => shortCell(call.model_group)],
  ['custom_llm_provider', 'text', (call) => textCell(call.custom_llm_provider)],
  ['api_base', 'text', (call) => textCell(call.api_base)],
  ['user_id', 'text', (call) => shortCell(call.user_id)],
  ['team_id', 'text', (call) => shortCell(call.team_id)],
  ['organization_id', 'text', (call) => shortCell(call.organization_id)],
  ['end_user', 'text', (call) => shortCell(call.end_user)],
  ['agent_id', 'text', (call) => textCell(call.agent_id)],
  ['project_id', 'text', (call) => textCell(call.project_id)],
  ['status', 'text', (call) => textCell(call.status)],
  ['cache_hit', 'boolean', (call) => plainCell(call.cache_hit)],
  ['cache_key', 'text', (call) => textCell(call.cache_key)],
  ['request_tags', 'text[]', (call) => arrayCell(call.request_tags)],
  ['requester_ip_address', 'text', (call) => textCell(call.requester_ip_address)],
  ['session_id', 'text', (call) => shortCell(call.session_id)],
  ['mcp_namespaced_tool_name', 'text', (call) => textCell(call.mcp_namespaced_tool_name)],
  ['metadata', 'json', (call) => jsonCell(call.metadata)],
];

/** A text that callers choose and an index holds: longer than this it would not fit an entry. */
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
 *
 * Takes several turns of the event loop for many records, so that nobody else waits for all of it.
 */
export async function flushRows(records: readonly LedgerRecord[]): Promise<FlushRows> {
  const calls = records.filter((record) => record.kind === 'settle').sort(byKey);
  const numbers = new Map<string, number>();
  const charges: string[] = [];
  const bookings = calls.map((call) => {
    const list = chargesOf(call);
    const known = numbers.get(list);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(list, number);
    for (const { account, windowStart } of call.charges) charges.push([number, textCell(account), windowStart].join(CELL));
    return number;
  });
  return [
    await linesOf(calls),
    `{${calls.map((call) => call.request_id).join(',')}}`,
    `{${calls.map((call) => call.start_time).join(',')}}`,
    `{${bookings.join(',')}}`,
    charges.join(LINE),
    records
      .filter((record) => record.kind === 'adjust')
      .map(adjustmentOf)
      .join(LINE),
  ];
}

function byKey(a: SpendRecord, b: SpendRecord): number {
  if (a.request_id !== b.request_id) return a.request_id < b.request_id ? -1 : 1;
  return a.start_time - b.start_time;
}

/** The same text for the same charges alone, whatever their accounts are called. */
function chargesOf({ charges }: SpendRecord): string {
  let text = '';
  for (const { account, windowStart } of charges) text += textCell(account) + CELL + windowStart + LINE;
  return text;
}

function adjustmentOf({ account, windowStart, delta }: BalanceAdjustment): string {
  return [textCell(account), windowStart, delta].join(CELL);
}

/** Lines made in one turn of the event loop: a millisecond or two of work. */
const LINES_A_TURN = 100;

async function linesOf(calls: readonly SpendRecord[]): Promise<string> {
  const lines: string[] = [];
  for (const call of calls) {
    if (lines.length % LINES_A_TURN === LINES_A_TURN - 1) await nextTurn();
    lines.push(lineOf(call));
  }
  return lines.join(LINE);
}

function lineOf(call: SpendRecord): string {
  return SPEND_COLUMNS.map(([, , cell]) => cell(call)).join(CELL);
}

/** Absent is null too: a journal that an older version wrote may lack a member. */
type Given<T> = T | null | undefined;

function plainCell(value: Given<number | boolean>): string {
  return value === null || value === undefined ? NONE : String(value);
}

function shortCell(text: Given<string>): string {
  return textCell(text && text.length > LONGEST_INDEXED ? text.slice(0, LONGEST_INDEXED) : text);
}

/** An array as PostgreSQL writes it: the quotes and backslashes inside are escaped as in JSON. */
function arrayCell(texts: Given<readonly string[]>): string {
  if (!texts || texts.length === 0) return '{}';
  return `{${texts.map((text) => `"${textCell(text).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** What PostgreSQL's text cannot hold (NUL, half of a surrogate pair), and what tells our cells apart. */
const UNSTORABLE = /[\0\x18\x1e\x1f]|\p{Surrogate}/u;
const ALL_UNSTORABLE = new RegExp(UNSTORABLE, 'gu');

/** The text, with the replacement character for what cannot be stored. */
function textCell(text: Given<string>): string {
  if (text === null || text === undefined) return NONE;
  return UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, '\ufffd') : text;
}

/** A pair of surrogates, or half of one, or NUL, as JSON escapes; an escaped backslash before them is no escape of theirs. */
const UNSTORABLE_ESCAPES = /(?<!\\)((?:\\\\)*)(?:(\\ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2})|\\u(?:0000|d[89a-f][\da-f]{2}))/gi;

/** JSON leaves no control character unescaped; a question for a member would fail on the escape of one that no text can hold. */
function jsonCell(value: Given<object>): string {
  const json = JSON.stringify(value ?? {});
  if (!json.includes('\\u')) return json;
  return json.replace(UNSTORABLE_ESCAPES, (_, before: string, pair?: string) => before + (pair ?? '\\ufffd'));
}
