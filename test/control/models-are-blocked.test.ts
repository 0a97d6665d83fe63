import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOCKED, messageOf, startAsked, type AskedGateway, type Told } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(`${MOCKED}
router_settings: { fallbacks: [{ spare: [other] }] }
`);
});

afterAll(() => gateway.stop());

/** A model that answers by itself. */
async function made(name: string): Promise<string> {
  const params = { model: 'openai/upstream', api_key: 'sk-provider', mock_response: `I am ${name}` };
  const answer = await gateway.post('/model/new', { model_name: name, litellm_params: params, model_info: { note: 'mine' } });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body['model_id']);
}

function block(id: string): Promise<Told> {
  return gateway.post('/model/block', { model_id: id });
}

test('a blocked model is shown as blocked and not called, until it is unblocked', async () => {
  const id = await made('lamp');
  const blocked = await block(id);
  expect(blocked.status, blocked.text).toBe(200);
  expect(blocked.body).toMatchObject({ model_id: id, model_name: 'lamp', model_info: { blocked: true, note: 'mine' } });
  const refused = await gateway.chat(gateway.masterKey, 'lamp');
  expect(refused.status).toBe(403);
  expect(refused.body['error']).toMatchObject({ code: 'model_blocked', message: expect.stringContaining('Model lamp is blocked') });
  expect((await gateway.chat(gateway.masterKey, id)).status).toBe(403);
  expect((await gateway.get('/v1/models')).text).not.toContain('"lamp"');
  expect((await gateway.get('/v2/model/info?model=lamp')).body['data']).toMatchObject([{ model_info: { id, blocked: true } }]);

  const unblocked = await gateway.post('/model/unblock', { model_id: id });
  expect(unblocked.body['model_info']).toMatchObject({ blocked: false });
  expect((await gateway.chat(gateway.masterKey, 'lamp')).status).toBe(200);
  expect((await gateway.get('/v1/models')).text).toContain('"lamp"');
});

test('others of the same name are called in its place', async () => {
  const [first, second] = [await made('pair'), await made('pair')];
  await block(first);
  for (let n = 0; n < 10; n++) expect((await gateway.chat(gateway.masterKey, 'pair')).headers.get('x-litellm-model-id')).toBe(second);
});

test('a fallback of its group is called in its place', async () => {
  await block(await made('spare'));
  const answer = await gateway.chat(gateway.masterKey, 'spare');
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('x-litellm-model-group')).toBe('other');
});

test('a refused call costs nothing', async () => {
  await block(await made('dear'));
  const key = await gateway.key({ max_budget: 1 });
  expect((await gateway.chat(key, 'dear')).status).toBe(403);
  expect((await gateway.get(`/key/info?key=${key}`)).body['info']).toMatchObject({ spend: 0 });
});

test('who blocked it stands in the audit log', async () => {
  const id = await made('noted');
  await block(id);
  const { body } = await gateway.get(`/audit?object_id=${id}&action=blocked`);
  expect(body['audit_logs']).toMatchObject([{ action: 'blocked', object_id: id }]);
});

test('models of the file are changed there, and what is unknown is not found', async () => {
  const inFile = await gateway.get('/v2/model/info?model=mock');
  const [{ model_info: info }] = inFile.body['data'] as [{ model_info: { id: string } }];
  const answer = await block(info.id);
  expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('configuration file')]);
  expect((await block('nobody')).status).toBe(404);
  expect((await gateway.post('/model/block', {})).status).toBe(422);
});
