import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { received } from '../gateway/audio/forms.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, info: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}/v1", api_key: sk-x }, model_info: { ${info} } }\n`;
  gateway = await startGateway(`model_list:
${row('talks', 'openai/m', '')}${row('hears', 'openai/whisper-1', '')}${row('listens', 'openai/ears', 'mode: audio_transcription')}${row('speaks', 'openai/mouth', 'mode: audio_speech, health_check_voice: nova')}${row('paints', 'openai/brush', 'mode: image_generation')}${row('searches', 'brave/web', '')}
router_settings: { num_retries: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  provider.behaviour = (request, response) => {
    if (request.path.endsWith('/speech')) response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
    else return json(request.path.endsWith('/transcriptions') ? { text: '' } : completion('pong'))(request, response);
  };
});

interface Health {
  readonly healthy_endpoints: readonly { readonly model_name: string }[];
  readonly unhealthy_endpoints: readonly { readonly model_name: string; readonly error: string }[];
}

const health = async (): Promise<Health> => (await (await gateway.call('GET', '/health')).json()) as Health;

test('every model is asked for what it is for, and what is asked leaves nothing behind', async () => {
  const { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy } = await health();
  expect(healthy.map(({ model_name: name }) => name)).toEqual(['hears', 'listens', 'speaks', 'talks']);
  expect(unhealthy.map(({ model_name: name }) => name)).toEqual(['searches']);
  const speech = provider.seen.find(({ path }) => path === '/v1/audio/speech');
  expect(speech?.json).toEqual({ model: 'mouth', input: 'Good evening', voice: 'nova' });
  const heard = provider.seen.filter(({ path }) => path === '/v1/audio/transcriptions');
  expect((await Promise.all(heard.map(received))).map(({ file }) => file.name)).toEqual(['silence.wav', 'silence.wav']);
  await expectNothingLeft(gateway);
  const rows = await gateway.rows();
  expect(rows.map(({ call_type: type }) => String(type)).toSorted()).toEqual(['acompletion', 'aspeech', 'atranscription', 'atranscription']); // prettier-ignore
  for (const row of rows) expect(row).toMatchObject({ status: 'success', request_tags: ['health-check'] });
});

test('a row that nobody can ask is told with the reason, in health, on Overview and in the log', async () => {
  const reason = 'Brave Search cannot be called: it searches the web and has no models.';
  const body: unknown = await (await gateway.call('GET', '/health?model=searches')).json();
  expect(body).toEqual({
    healthy_endpoints: [],
    unhealthy_endpoints: [{ model: 'searches', model_id: '', model_name: 'searches', api_base: '', error: reason }],
    healthy_count: 0,
    unhealthy_count: 1,
  });
  const { configuration } = (await (await gateway.call('GET', '/panel/summary?timezone=UTC')).json()) as { configuration: object };
  expect(configuration).toMatchObject({ refused: false, faults: [{ key: 'searches', message: reason, line: 7 }] });
  expect(gateway.log.join('')).toContain(`searches is left out: ${reason}`);
  const key = await gateway.key({ models: ['talks'] });
  const others: unknown = await (await gateway.call('GET', '/health?model=searches', undefined, key)).json();
  expect(others).toMatchObject({ unhealthy_count: 0 });
});

test('a model that makes images is asked for one only when it is named', async () => {
  provider.behaviour = json({ created: 1, data: [{ b64_json: 'aW1hZ2U=' }] });
  const body: unknown = await (await gateway.call('GET', '/health?model=paints')).json();
  expect(body).toMatchObject({ healthy_endpoints: [{ model_name: 'paints' }], unhealthy_count: 0 });
  expect(provider.last.json).toEqual({ model: 'brush', prompt: 'a grey circle', n: 1 });
});

test('a model that fails is told with its reason', async () => {
  provider.behaviour = json({ error: { message: 'out of order' } }, 500);
  const { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy } = await health();
  expect(healthy).toEqual([]);
  expect(unhealthy).toHaveLength(5);
  expect(unhealthy.filter(({ error }) => error.includes('out of order'))).toHaveLength(4);
});
