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
${row('talks', 'openai/m', '')}${row('hears', 'openai/whisper-1', '')}${row('listens', 'openai/ears', 'mode: audio_transcription')}${row('speaks', 'openai/mouth', 'mode: audio_speech, health_check_voice: nova')}${row('paints', 'openai/brush', 'mode: image_generation')}
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
  expect(unhealthy).toEqual([]);
  const speech = provider.seen.find(({ path }) => path === '/v1/audio/speech');
  expect(speech?.json).toEqual({ model: 'mouth', input: 'Good evening', voice: 'nova' });
  const heard = provider.seen.filter(({ path }) => path === '/v1/audio/transcriptions');
  expect((await Promise.all(heard.map(received))).map(({ file }) => file.name)).toEqual(['silence.wav', 'silence.wav']);
  await expectNothingLeft(gateway);
  const rows = await gateway.rows();
  expect(rows.map(({ call_type: type }) => String(type)).toSorted()).toEqual(['acompletion', 'aspeech', 'atranscription', 'atranscription']); // prettier-ignore
  for (const row of rows) expect(row).toMatchObject({ status: 'success', request_tags: ['health-check'] });
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
  expect(unhealthy).toHaveLength(4);
  expect(unhealthy.filter(({ error }) => error.includes('out of order'))).toHaveLength(4);
});
