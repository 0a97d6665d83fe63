import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;
const at = (hour: number): number => Date.UTC(2026, 0, 10, hour);
const RANGE = 'start_date=2026-01-01&end_date=2026-01-31';

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  await book(gateway, [
    { start_time: at(1), call_id: 'first', spend: '0.000000000000001', model_group: '=HYPERLINK("http://x")', end_user: '-1+1' },
    { start_time: at(2), call_id: 'second', session_id: 'a,b\n"c"', request_tags: ['work', 'night'], end_user: 'Zoë' },
    {
      start_time: at(3),
      call_id: '@third',
      status: 'failure',
      metadata: { error_information: { error_code: '429', error_message: '+no' } },
    },
  ]);
});

afterAll(() => gateway.stop());

async function file(path: string, key?: string): Promise<{ header: string[]; lines: string[]; headers: Headers }> {
  const answer = await gateway.call('GET', path, undefined, key);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const [header = '', ...lines] = text.split('\r\n');
  expect(lines.pop()).toBe('');
  return { header: header.split(','), lines, headers: answer.headers };
}

test('calls come as a file with a header, newest first, money to the last digit', async () => {
  const { header, lines, headers } = await file(`/spend/logs/v2?${RANGE}&format=csv`);
  expect(headers.get('content-type')).toContain('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
  expect(header.slice(0, 4)).toEqual(['request_id', 'call_id', 'startTime', 'endTime']);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain(',first,2026-01-10T01:00:00.000Z,');
  expect(lines[2]).toContain(',15,0.000000000000001,');
  expect(lines[1]).toContain('Zoë');
});

test('no cell begins as a formula, and none breaks out of its place', async () => {
  const { lines } = await file(`/spend/logs/v2?${RANGE}&format=csv`);
  expect(lines[2]).toContain(`,"'=HYPERLINK(""http://x"")",`);
  expect(lines[2]).toContain(",'-1+1,");
  expect(lines[0]).toContain(",'@third,");
  expect(lines[0]).toContain(",429,'+no,");
  expect(lines[1]).toContain(',work night,"a,b\n""c""",');
});

test('filters and order hold for the file too', async () => {
  expect((await file(`/spend/logs/v2?${RANGE}&format=csv&status_filter=failure`)).lines).toHaveLength(1);
  expect((await file(`/spend/logs/v2?${RANGE}&format=csv&sort_order=asc`)).lines[0]).toContain(',first,');
  const answer = await gateway.get(`/spend/logs/v2?${RANGE}&format=csv&sort_by=spend`);
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toMatchObject({ param: 'sort_by' });
});

test('a file holds all rows of all pages, each once, also those of one moment', async () => {
  const calls = Array.from({ length: 1203 }, (_, n) => ({ start_time: Date.UTC(2025, 5, 1) + Math.floor(n / 400), call_id: `call-${n}` }));
  await book(gateway, calls);
  for (const order of ['asc', 'desc']) {
    const { lines } = await file(`/spend/logs/v2?start_date=2025-06-01&end_date=2025-06-01&format=csv&sort_order=${order}`);
    expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(1203);
    expect(lines).toHaveLength(1203);
  }
});

test('a key gets its own calls alone', async () => {
  const key = keyIn(await gateway.made());
  await book(gateway, [{ start_time: at(4), api_key: hashOf(key), call_id: 'own' }]);
  const { lines } = await file(`/spend/logs/v2?${RANGE}&format=csv`, key);
  expect(lines.map((line) => line.split(',')[1])).toEqual(['own']);
});

test('sums of days come as a file', async () => {
  const { header, lines } = await file('/user/daily/activity/aggregated?start_date=2025-06-01&end_date=2025-06-30&format=csv');
  expect(header).toEqual(['date', 'entity', 'key_alias', 'api_key', 'model_group', 'model', 'provider', 'endpoint', 'spend', 'prompt_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'completion_tokens', 'api_requests', 'failed_requests']); // prettier-ignore
  expect(lines).toEqual([`2025-06-01,,,${'a'.repeat(64)},fast,upstream,openai,/chat/completions,12.03,12030,0,0,6015,1203,0`]);
});
