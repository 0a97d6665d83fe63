import type { CallFilter, CallRow } from '../../../api/calls.ts';
import { keyNameOf } from '../call-words.ts';
import { failureOf } from '../failure.ts';
import { RANGES, type Fields } from './call-fields.ts';

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const MONTH_MS = RANGES['30d'] * 60_000;

/** From when to when the list goes. A custom range that is not one is the last 30 days. */
export function spanOf({ range, from, until }: Pick<Fields, 'range' | 'from' | 'until'>, now: number): Span {
  if (range !== 'custom') return { from: now - RANGES[range] * 60_000, until: now };
  const end = Date.parse(until) || now;
  return { from: Date.parse(from) || end - MONTH_MS, until: end };
}

/** The address as a question to the server. */
export function filterOf(fields: Fields, span: Span): CallFilter {
  return {
    start_date: new Date(span.from).toISOString(),
    end_date: new Date(span.until).toISOString(),
    ...filled({
      search: fields.search,
      model_group: fields.model,
      api_key: fields.key,
      user_id: fields.person,
      provider: fields.provider,
      status_filter: fields.status === 'any' ? '' : fields.status,
      error_code: fields.error,
      error_message: fields.words,
      min_spend: fields.min,
      max_spend: fields.max,
      request_tags: fields.tags,
      session_id: fields.session,
    }),
  };
}

const filled = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** Whether a call that just ended belongs into the list. The server says the same of it once it is written down. */
export function belongs(row: CallRow, fields: Fields): boolean {
  const failure = failureOf(row);
  return (
    is(fields.model, row.model_group) &&
    is(fields.key, row.api_key) &&
    is(fields.person, row.user) &&
    is(fields.provider, row.custom_llm_provider) &&
    is(fields.session, row.session_id) &&
    (fields.status === 'any' || fields.status === row.status) &&
    is(fields.error, failure?.code ?? '') &&
    has(failure?.message ?? '', fields.words) &&
    (fields.min === '' || row.spend >= Number(fields.min)) &&
    (fields.max === '' || row.spend <= Number(fields.max)) &&
    tagsOf(fields.tags).every((tag) => row.request_tags.includes(tag)) &&
    isFound(row, fields.search)
  );
}

export const tagsOf = (tags: string): string[] => tags.split(',').map((tag) => tag.trim()).filter(Boolean); // prettier-ignore

const is = (wanted: string, value: string | null) => wanted === '' || wanted === value;

const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

function isFound(row: CallRow, search: string): boolean {
  if (search === '' || row.request_id === search || row.call_id === search) return true;
  return [row.model_group, row.model, keyNameOf(row), failureOf(row)?.message ?? ''].some((text) => has(text, search));
}
