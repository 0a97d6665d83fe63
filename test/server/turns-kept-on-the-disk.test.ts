import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayProcess, newDataFolder, removeFolder } from '../drills/support/gateway-process.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

const CANARY = 'canary-of-the-turns';
const SALT = 'sk-salt-of-the-first-start';

let provider: FakeProvider;
let database: FreshDatabase;
let folder: string;
let gateway: GatewayProcess;

function yamlWith(keeping: 'disk' | 'memory'): string {
  return `
model_list:
  - model_name: plain
    litellm_params: { model: openai/gpt-4o, api_base: ${provider.url}/v1, api_key: sk-provider, use_chat_completions_api: true }
  - model_name: thinker
    litellm_params: { model: deepseek/deepseek-reasoner, api_base: ${provider.url}/v1, api_key: sk-provider }
general_settings: { reasoning_state: ${keeping}, responses_store: ${keeping} }
`;
}

async function start(keeping: 'disk' | 'memory', salt: string = SALT): Promise<void> {
  const env = { DATABASE_URL: database.url, LITELLM_SALT_KEY: salt };
  gateway = await GatewayProcess.start({ yaml: yamlWith(keeping), directory: folder, env });
}

beforeAll(async () => {
  provider = await FakeProvider.start();
  [database, folder] = await Promise.all([freshDatabase(), newDataFolder()]);
  await start('disk');
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await database.drop();
  await removeFolder(folder);
});

async function respond(key: string | undefined, input: string, previous?: string): Promise<{ status: number; id: string; code: unknown }> {
  provider.behaviour = json(completion(`${CANARY}: ${input}`));
  const body = { model: 'plain', input, ...(previous === undefined ? {} : { previous_response_id: previous }) };
  const answer = await gateway.call('POST', '/v1/responses', body, key);
  const { id, error } = (await answer.json()) as { id: string; error: { code?: unknown } | null };
  return { status: answer.status, id, code: error?.code };
}

const status = async (method: string, id: string, key?: string): Promise<number> =>
  (await gateway.call(method, `/v1/responses/${id}`, undefined, key)).status;

const call = { id: 'call_1', type: 'function', function: { name: 'lights', arguments: '{}' } };
const tools = [{ type: 'function', function: { name: 'lights', parameters: { type: 'object', properties: {} } } }];
const question = { role: 'user', content: 'Lights on' };

async function think(key: string): Promise<void> {
  const message = { role: 'assistant', content: '', reasoning_content: `${CANARY}: they want light.`, tool_calls: [call] };
  provider.behaviour = json({ ...completion(''), choices: [{ index: 0, finish_reason: 'tool_calls', message }] });
  expect((await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', messages: [question], tools }, key)).status).toBe(200);
}

/** What the provider is told of its thoughts in the turn after. */
async function toldThoughts(key: string): Promise<unknown> {
  provider.behaviour = json(completion('Done'));
  const messages = [
    question,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
  ];
  await gateway.call('POST', '/v1/chat/completions', { model: 'thinker', messages, tools }, key);
  return (provider.last.json['messages'] as Record<string, unknown>[])[1]?.['reasoning_content'];
}

async function keptBytes(): Promise<Buffer> {
  const names = await readdir(join(folder, 'kept'), { recursive: true, withFileTypes: true });
  return Buffer.concat(await Promise.all(names.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name)))));
}

test('turns go on after kill -9, sealed on the disk; what was deleted does not come back, nor what a deleted key had', async () => {
  const [mine, other] = [(await gateway.key()).key, (await gateway.key({ user_id: 'somebody' })).key];
  const sibling = (await gateway.key({ user_id: 'somebody' })).key;
  const first = await respond(mine, 'first question');
  const unwanted = await respond(mine, 'unwanted');
  const others = await respond(other, 'of the other key');
  await think(mine);
  await think(other);
  expect(await status('GET', others.id, sibling)).toBe(200);
  await gateway.call('POST', '/key/delete', { keys: [other] });
  await expect.poll(() => status('GET', others.id, sibling)).toBe(404);
  // Removing waits for what was to be written before it.
  expect(await status('DELETE', unwanted.id, mine)).toBe(200);
  await expect.poll(async () => (await readdir(join(folder, 'kept', 'reasoning'))).length).toBeGreaterThan(0);
  expect((await keptBytes()).length).toBeGreaterThan(500);
  expect((await keptBytes()).toString('latin1')).not.toContain('canary');
  await gateway.kill();

  await start('disk');
  expect(await status('GET', first.id, mine)).toBe(200);
  expect(await status('GET', first.id, sibling)).toBe(403);
  expect(await status('GET', unwanted.id, mine)).toBe(404);
  expect(await status('GET', others.id, sibling)).toBe(404);
  expect((await respond(mine, 'second question', first.id)).status).toBe(200);
  expect(JSON.stringify(provider.last.json['messages'])).toMatch(/first question.*canary-of-the-turns: first question.*second question/);
  expect(await respond(mine, 'again', unwanted.id)).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  expect(await toldThoughts(mine)).toBe(`${CANARY}: they want light.`);
});

test('another salt key begins anew and says so; memory instead of the disk leaves nothing there', async () => {
  const before = await respond(undefined, 'under the first salt key');
  expect(await status('GET', before.id)).toBe(200);
  await gateway.stop();
  await start('disk', 'sk-another-salt-key');
  expect(await respond(undefined, 'next', before.id)).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  expect(gateway.text).toContain('The responses on the disk were kept under another salt key');
  const after = await respond(undefined, 'under the other salt key');
  expect((await respond(undefined, 'next', after.id)).status).toBe(200);
  await gateway.stop();
  await start('memory', 'sk-another-salt-key');
  expect(await status('GET', after.id)).toBe(404);
  await expect.poll(() => access(join(folder, 'kept', 'responses')).then(() => 'there', () => 'gone')).toBe('gone'); // prettier-ignore
});
