import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageOf, MOCKED, startAsked, type AskedGateway, type Told } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  await gateway.post('/user/new', { user_id: 'ada', user_role: 'internal_user', auto_create_key: false });
  await gateway.post('/user/new', { user_id: 'poor', user_role: 'internal_user', max_budget: 0, auto_create_key: false });
});
afterAll(() => gateway.stop());

async function chat(user: string, as: unknown, more: Record<string, unknown> = {}): Promise<Told> {
  const { id } = await gateway.parts.sessions.open(user, 'username_password', 60_000);
  const body = { as, body: { model: 'mock', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 20, ...more } };
  const headers = { cookie: `llm_gateway_session=${id}`, 'x-requested-with': 'llm-gateway' };
  const answer = await gateway.call('POST', '/panel/chat', body, null, headers);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

async function hashOfNew(body: Record<string, unknown>): Promise<string> {
  return String((await gateway.made(body)).body['token']);
}

test('a person chats as themselves, and the row says whose call it was', async () => {
  const answer = await chat('ada', null);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
  const [row] = (await gateway.rows()).slice(-1);
  expect(row).toMatchObject({ user_id: 'ada', model_group: 'mock', spend: '0.1' });
  expect(String(row?.['api_key'])).toMatch(/^[0-9a-f]{64}$/);
});

test('streams as the route of models does', async () => {
  const answer = await chat('ada', null, { stream: true });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(answer.text).toContain('data: [DONE]');
});

test('a call as a key has all its limits and is booked on it', async () => {
  const hash = await hashOfNew({ user_id: 'ada', max_budget: 0.05 });
  expect((await chat('ada', hash)).status).toBe(200);
  const refused = await chat('ada', hash);
  expect(refused.status).toBe(422);
  expect(messageOf(refused)).toContain('Budget has been exceeded!');
  expect((await gateway.rows()).filter((row) => row['api_key'] === hash && row['status'] === 'success')).toHaveLength(1);
});

test('a person’s own budget holds in the panel', async () => {
  expect((await chat('poor', null)).status).toBe(422);
});

test('a key that is blocked, of somebody else, or gone is refused in its own words', async () => {
  const blocked = await chat('ada', await hashOfNew({ user_id: 'ada', blocked: true }));
  expect([blocked.status, messageOf(blocked)]).toEqual([401, expect.stringContaining('Key is blocked')]);
  expect((await chat('ada', await hashOfNew({ user_id: 'bob' }))).status).toBe(403);
  expect((await chat('ada', await hashOfNew({}))).status).toBe(403);
  expect((await chat('ada', 'f'.repeat(64))).status).toBe(404);
  expect((await chat('ada', await hashOfNew({ user_id: 'ada', key_type: 'read_only' }))).status).toBe(403);
});

test('an administrator chats as any key', async () => {
  const answer = await gateway.post('/panel/chat', {
    as: await hashOfNew({ user_id: 'bob' }),
    body: { model: 'mock', messages: [{ role: 'user', content: 'Hi' }] },
  });
  expect(answer.status, answer.text).toBe(200);
});

test('the models of the key are what can be called', async () => {
  const hash = await hashOfNew({ user_id: 'ada', models: ['other'] });
  expect((await chat('ada', hash)).status).toBe(403);
  expect((await chat('ada', hash, { model: 'other' })).status).toBe(200);
});

test('a body without a call is told what it lacks', async () => {
  const answer = await gateway.post('/panel/chat', { as: null });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('body');
});
