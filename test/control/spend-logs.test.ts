import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExplainedSpendLogRow } from '../../src/contract/spend-explanation.ts';
import { SpendLogPage } from '../../src/contract/spend-logs.ts';
import type { SpendRecord } from '../../src/core/spend-record.ts';
import { scopeOf } from '../../src/control/spend-question.ts';
import { EVERYTHING } from '../../src/ledger/spend-filter.ts';
import { pageOf } from '../../src/ledger/spend-log-pages.ts';
import { DatabaseError } from '../../src/store/database-error.ts';
import type { Transactions } from '../../src/store/queries.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, messageOf, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

const JANUARY = 'start_date=2026-01-01 00:00:00&end_date=2026-01-31 23:59:59';
const at = (day: number, hour = 0, minute = 0, second = 0, ms = 0): number => Date.UTC(2026, 0, day, hour, minute, second, ms);

let gateway: AskedGateway;
let lamp: string;

/** Twelve calls of January, each different in what it can be found by. */
const CALLS: readonly Partial<SpendRecord>[] = [
  { call_id: 'first', start_time: at(1), spend: '0.5', model_group: 'slow' },
  { call_id: 'bens', start_time: at(2), user_id: 'ben', end_user: 'guest', team_id: 'kitchen', session_id: 'talk' },
  { call_id: 'again', start_time: at(3), user_id: 'ben', session_id: 'talk', spend: '0.000000000000001' },
  { call_id: 'elsewhere', start_time: at(4), custom_llm_provider: 'anthropic', model: 'claude', model_id: 'deployment-2' },
  { call_id: 'vectors', start_time: at(5), call_type: 'aembedding', total_tokens: 900, request_duration_ms: 20 },
  {
    call_id: 'refused',
    start_time: at(6),
    status: 'failure',
    spend: '0',
    metadata: { error_information: { error_code: '429', error_class: 'RateLimitError', error_message: 'Slow down: 100%_sure' } },
  },
  {
    call_id: 'broken',
    start_time: at(7),
    status: 'failure',
    spend: '0',
    metadata: { error_information: { error_code: 'server_error', error_status: 500, error_class: 'InternalServerError', error_message: 'internal error' } }, // prettier-ignore
  },
  { call_id: 'tagged', start_time: at(8), request_tags: ['work', 'batch'] },
  { call_id: 'half tagged', start_time: at(9), request_tags: ['work'] },
  { call_id: 'by the lamp', start_time: at(10), api_key: 'b'.repeat(64) },
  { call_id: 'dear', start_time: at(11), spend: '12.345', request_duration_ms: 90_000 },
  { call_id: 'last', start_time: at(31, 23, 59, 59, 999) },
];

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  lamp = keyIn(await gateway.made({ key_alias: 'Kitchen lamp' }));
  await book(gateway, CALLS.map((call) => (call.call_id === 'by the lamp' ? { ...call, api_key: hashOf(lamp) } : call))); // prettier-ignore
});

afterAll(() => gateway.stop());

/** Client's ids of the rows that a question finds, in their order. */
async function found(query: string, path = '/spend/logs/v2'): Promise<unknown[]> {
  const { status, text } = await gateway.get(`${path}?${query}`);
  expect(status, text).toBe(200);
  return SpendLogPage.parse(JSON.parse(text)).data.map(({ call_id: id }) => id);
}

describe('a list of calls', () => {
  test('shows rows of the span newest first, its last second included', async () => {
    expect(await found(JANUARY)).toEqual(CALLS.map(({ call_id: id }) => id).toReversed());
  });

  test('is the same under both of its paths', async () => {
    expect(await found(JANUARY, '/spend/logs/ui')).toEqual(await found(JANUARY));
  });

  test('takes a day as a whole, and a time with an offset', async () => {
    expect(await found('start_date=2026-01-10&end_date=2026-01-11')).toEqual(['dear', 'by the lamp']);
    expect(await found('start_date=2026-01-10T01:00:00%2B01:00&end_date=2026-01-10')).toEqual(['by the lamp']);
  });

  test.each([
    ['request_id=bens', ['bens']],
    ['user_id=ben', ['again', 'bens']],
    ['team_id=kitchen', ['bens']],
    ['end_user=guest', ['bens']],
    ['session_id=talk', ['again', 'bens']],
    ['model=claude', ['elsewhere']],
    ['model_id=deployment-2', ['elsewhere']],
    ['model_group=slow', ['first']],
    ['provider=anthropic', ['elsewhere']],
    ['custom_llm_provider=anthropic', ['elsewhere']],
    ['call_type=aembedding', ['vectors']],
    ['status_filter=failure', ['broken', 'refused']],
    ['error_code=429', ['refused']],
    ['error_code=500', ['broken']],
    ['error_code=server_error', ['broken']],
    ['error_message=slow DOWN', ['refused']],
    ['error_message=100%25_sure', ['refused']],
    ['error_message=100_', []],
    ['min_spend=0.5', ['dear', 'first']],
    ['min_spend=0.02&max_spend=0.5', ['first']],
    ['max_spend=0.000000000000001&status_filter=success', ['again']],
    ['request_tags=work', ['half tagged', 'tagged']],
    ['request_tags=batch, work', ['tagged']],
    ['key_alias=LAMP', ['by the lamp']],
    ['key_alias=nobody', []],
    ['search=bens', ['bens']],
    ['search=LAMP', ['by the lamp']],
    ['search=slo', ['refused', 'first']],
    ['search=100%25_', ['refused']],
    ['search=clau', ['elsewhere']],
    ['search=nowhere at all', []],
    ['search=fast&user_id=ben', ['again', 'bens']],
    ['user_id=ben&model_group=slow', []],
  ])('is narrowed by %s', async (query, calls) => {
    expect(await found(`${JANUARY}&${query}`)).toEqual(calls);
  });

  test('finds a key by its text and by its hash', async () => {
    expect(await found(`${JANUARY}&api_key=${lamp}`)).toEqual(['by the lamp']);
    expect(await found(`${JANUARY}&api_key=${hashOf(lamp)}`)).toEqual(['by the lamp']);
  });

  test('finds a call by our id and by the one that its client gave it', async () => {
    const ours = (await gateway.get(`/spend/logs/v2?${JANUARY}&request_id=dear`)).body['data'] as { request_id: string }[];
    expect(await found(`${JANUARY}&request_id=${ours[0]?.request_id}`)).toEqual(['dear']);
    expect(await found(`${JANUARY}&search=${ours[0]?.request_id}`)).toEqual(['dear']);
  });

  test.each([
    ['sort_by=spend', 'dear'],
    ['sort_by=total_tokens', 'vectors'],
    ['sort_by=request_duration_ms', 'dear'],
    ['sort_by=request_duration_ms&sort_order=asc', 'vectors'],
    ['sort_by=startTime&sort_order=asc', 'first'],
  ])('comes in the order of %s', async (query, first) => {
    expect((await found(`${JANUARY}&${query}`))[0]).toBe(first);
  });

  test('is sorted by the amount of money, and not by its digits', async () => {
    await book(gateway, ['9', '10', '0.5', '10.5'].map((spend, day) => ({ start_time: Date.UTC(2025, 2, 1 + day), call_id: spend, spend }))); // prettier-ignore
    const march = 'start_date=2025-03-01&end_date=2025-03-31&sort_by=spend';
    expect(await found(march)).toEqual(['10.5', '10', '9', '0.5']);
    expect(await found(`${march}&sort_order=asc`)).toEqual(['0.5', '9', '10', '10.5']);
  });

  test('of rows that are sorted alike comes newest first', async () => {
    await book(gateway, [1, 3, 2].map((day) => ({ start_time: Date.UTC(2025, 1, day), call_id: `${day}` }))); // prettier-ignore
    expect(await found('start_date=2025-02-01&end_date=2025-02-28&sort_by=total_tokens')).toEqual(['3', '2', '1']);
  });

  test('goes page by page without a row twice or none', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => found(`${JANUARY}&sort_by=spend&page_size=5&page=${page}`)));
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(new Set(pages.flat()).size).toBe(CALLS.length);
  });

  test('counts what there is, whole days by the sums and their rests by the rows', async () => {
    const { body } = await gateway.get(`/spend/logs/v2?start_date=2026-01-01 00:00:01&end_date=2026-01-11 00:00:00&page_size=3`);
    expect(body).toMatchObject({ total: 10, total_is_exact: true, page: 1, page_size: 3, total_pages: 4 });
    const { body: ben } = await gateway.get(`/spend/logs/v2?${JANUARY}&user_id=ben&page_size=1`);
    expect(ben).toMatchObject({ total: 2, total_is_exact: true, total_pages: 2 });
  });

  test('says that it stopped counting filtered rows at ten thousand', async () => {
    const days = Date.UTC(2025, 5, 1);
    for (let n = 0; n < 10_001; n += 2_500)
      await book(
        gateway,
        Array.from({ length: Math.min(2500, 10_001 - n) }, (_, i) => ({ start_time: days + n + i, model_group: 'many' })),
      );
    const june = '/spend/logs/v2?start_date=2025-06-01&end_date=2025-06-30&page_size=100';
    expect((await gateway.get(`${june}&model_group=many`)).body).toMatchObject({ total: 10_000, total_is_exact: false, total_pages: 100 });
    expect((await gateway.get(june)).body).toMatchObject({ total: 10_001, total_is_exact: true });
    expect((await gateway.get(`${june}&model_group=many&page=101`)).body).toMatchObject({ total: 10_001, total_is_exact: true });
  });

  test('is shown without its count when counting takes too long', async () => {
    const { database } = gateway.parts;
    const slow = new DatabaseError('canceling statement due to statement timeout', 'timeout', '57014');
    const counting: Transactions = {
      query: (text, values) => database.query(text, values),
      execute: (text, values) => database.execute(text, values),
      transaction: (work) =>
        database.transaction((queries) =>
          work({
            execute: (text, values) => queries.execute(text, values),
            query: (text, values) =>
              text.includes('count(*)') || text.includes('sum(requests)') ? Promise.reject(slow) : queries.query(text, values),
          }),
        ),
    };
    const page = { page: 2, size: 3, sort: 'start_time', order: 'desc' } as const;
    const { rows, total, exact } = await pageOf(counting, { ...EVERYTHING, from: at(1), until: at(32) }, page);
    expect({ rows: rows.length, total, exact }).toEqual({ rows: 3, total: 6, exact: false });
  });

  test('leaves rows that are gone out of its count', async () => {
    await book(gateway, [1, 2, 3].map((hour) => ({ start_time: Date.UTC(2024, 1, 1, hour) }))); // prettier-ignore
    await gateway.parts.database.query(`delete from gateway.spend_logs where start_time < '2024-02-01 02:30:00Z'`);
    const { body } = await gateway.get('/spend/logs/v2?start_date=2020-01-01&end_date=2024-12-31&page_size=1');
    expect(body).toMatchObject({ total: 1, total_is_exact: true });
  });

  test.each([
    ['end_date=2026-01-31', 'start_date'],
    ['start_date=2026-01-31', 'end_date'],
    ['start_date=yesterday&end_date=2026-01-31', 'start_date'],
    [`${JANUARY}&page=0`, 'page'],
    [`${JANUARY}&page_size=101`, 'page_size'],
    [`${JANUARY}&sort_by=metadata`, 'sort_by'],
    [`${JANUARY}&sort_order=up`, 'sort_order'],
    [`${JANUARY}&status_filter=odd`, 'status_filter'],
    [`${JANUARY}&min_spend=cheap`, 'min_spend'],
  ])('refuses ?%s and names the parameter', async (query, param) => {
    const answer = await gateway.get(`/spend/logs/v2?${query}`);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body['error']).toMatchObject({ param, type: 'bad_request_error' });
    expect(messageOf(answer)).toContain(param);
  });
});

describe('a row', () => {
  test('tells money to the last digit, and the shares of its cost', async () => {
    const id = 'priced-call';
    const key = await gateway.key({ key_alias: 'pricey' });
    await gateway.call('POST', '/v1/chat/completions', { model: 'mock', messages: [{ role: 'user', content: 'Hi' }] }, key, {
      'x-litellm-call-id': id,
    });
    const { text } = await gateway.get(`/spend/logs/v2?start_date=2026-01-01&end_date=2100-01-01&request_id=${id}`);
    expect(text).toContain('"spend":0.1,');
    const [row] = SpendLogPage.parse(JSON.parse(text)).data;
    expect(row?.metadata).toMatchObject({
      user_api_key: hashOf(key),
      user_api_key_alias: 'pricey',
      status: 'success',
      cost_breakdown: { input_cost: 0, output_cost: 0.1, total_cost: 0.1 },
    });
    expect((await gateway.get(`/spend/logs/v2?${JANUARY}&request_id=again`)).text).toContain('"spend":0.000000000000001,');
  });

  test('is shown alone by its id, and null is said for one that is not there', async () => {
    const { body } = await gateway.get('/spend/logs/ui/by%20the%20lamp');
    expect(ExplainedSpendLogRow.parse(body)).toMatchObject({ call_id: 'by the lamp', api_key: hashOf(lamp) });
    expect((await gateway.get('/spend/logs/ui/nobody')).text).toBe('null');
  });
});

describe('a session', () => {
  test('is read from its beginning, page by page', async () => {
    expect(await found('session_id=talk', '/spend/logs/session/ui')).toEqual(['bens', 'again']);
    expect(await found('session_id=talk&page=2&page_size=1', '/spend/logs/session/ui')).toEqual(['again']);
  });

  test('must be named', async () => {
    const answer = await gateway.get('/spend/logs/session/ui');
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toMatchObject({ param: 'session_id' });
  });
});

describe('who sees what', () => {
  const caller = { keyHash: 'hash', userId: 'ben' };

  test('administrators and viewers see everybody’s calls, a person those of all their keys, a key its own', () => {
    const scope = (role: string, userId: string | null = 'ben') => scopeOf({ ...caller, role, userId } as Parameters<typeof scopeOf>[0]);
    const all = { apiKey: null, userId: null };
    expect([scope('proxy_admin'), scope('proxy_admin_viewer')]).toEqual([all, all]);
    expect([scope('internal_user'), scope('internal_user_viewer')]).toEqual([{ apiKey: null, userId: 'ben' }, { apiKey: null, userId: 'ben' }]); // prettier-ignore
    expect([scope('key'), scope('internal_user', null)]).toEqual([{ apiKey: 'hash', userId: null }, { apiKey: 'hash', userId: null }]); // prettier-ignore
    expect(scopeOf(null)).toEqual({ apiKey: '', userId: null });
  });
});
