import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPENAI_PYTHON } from '../../scripts/python-clients.ts';
import { ensurePython } from '../../scripts/python-env.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { received } from '../gateway/audio/forms.ts';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

interface Raised {
  readonly raised: string;
  readonly message: string;
  readonly seconds: number;
}

interface Results {
  readonly voice: string;
  readonly subtitles: string;
  readonly verbose: { readonly duration: number; readonly segments: number };
  readonly tagged: string;
  readonly events: readonly string[];
  readonly sound: number;
  readonly poor: Raised;
  readonly stranger: Raised;
}

const SUBTITLES = readFileSync(new URL('../fixtures/wire/openai-audio/subtitles/response.txt', import.meta.url), 'utf8');

const text =
  (body: string | Buffer, type: string): Behaviour =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };

/** What the provider does for each model of its own. */
const ANSWERS: Readonly<Record<string, Behaviour>> = {
  whisper: json(wireCase('openai-audio/json').response),
  verbose: json(wireCase('openai-audio/verbose').response),
  subtitles: text(SUBTITLES, 'text/plain; charset=utf-8'),
  events: text(wireCase('openai-audio/stream').stream, 'text/event-stream'),
  tts: text(Buffer.alloc(100_000, 7), 'audio/mpeg'),
};

let provider: FakeProvider;
let gateway: TestGateway;
let results: Results;
let heard: readonly SeenRequest[];

beforeAll(async () => {
  provider = await FakeProvider.start(async (request, response) => {
    const { fields } = request.path.endsWith('/speech') ? { fields: [['model', 'tts']] as const } : await received(request);
    await ANSWERS[Object.fromEntries(fields)['model'] ?? '']?.(request, response);
  });
  const rows = Object.keys(ANSWERS).map(
    (name) =>
      `  - { model_name: ${name}, litellm_params: { model: openai/${name}, api_base: "${provider.url}/v1", api_key: sk-x, input_cost_per_second: 0.0001 } }\n`,
  );
  gateway = await startGateway(`model_list:\n${rows.join('')}router_settings: { num_retries: 0 }\n`);
  const python = await ensurePython(OPENAI_PYTHON);
  const poor = await gateway.key({ max_budget: 0 });
  const line = [join(import.meta.dirname, 'openai-python-audio.py'), gateway.url, gateway.masterKey, poor];
  const { stdout } = await promisify(execFile)(python, line, { timeout: 120_000 });
  results = JSON.parse(stdout) as Results;
  heard = provider.seen.filter(({ path }) => path.endsWith('/transcriptions'));
}, 240_000);

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

test('what Home Assistant asks to be heard is heard, its fields in their order and its file last', async () => {
  expect(results.voice).toBe('Schalte das Licht in der Küche ein.');
  const [first] = heard;
  if (!first) throw new Error('nobody was heard');
  const { order, fields, file } = await received(first);
  expect(order.at(-1)).toBe('file');
  expect(fields.filter(([name]) => name === 'keywords[]').map(([, word]) => word)).toEqual(['Küche', 'Flur']);
  expect(Object.fromEntries(fields)).toMatchObject({ model: 'whisper', language: 'de', prompt: 'Küche' });
  expect(Object.keys(Object.fromEntries(fields))).not.toContain('response_format');
  expect(file).toMatchObject({ name: 'audio.wav', type: 'audio/x-wav' });
  expect(file.bytes).toHaveLength(128_044);
});

test('every form of an answer is what the client reads', () => {
  expect(results.subtitles).toBe(SUBTITLES);
  expect(results.verbose).toEqual({ duration: 2.950_000_047_683_716, segments: 1 });
  expect(results.events).toEqual(['transcript.text.delta', 'transcript.text.delta', 'transcript.text.done']);
  expect(results.sound).toBe(100_000);
});

test('what is for the gateway stays there', async () => {
  expect(results.tagged).not.toBe('');
  const rows = await gateway.rows();
  expect(rows).toContainEqual(expect.objectContaining({ request_tags: ['evening'], session_id: 's1' }));
  const sent = await Promise.all(heard.map(received));
  for (const { order } of sent) expect(order.filter((name) => /^(drop_params|tags|metadata)/.test(name))).toEqual([]);
});

test('who is refused reads why although the file was on its way, and does not try again', () => {
  expect(results.poor).toMatchObject({ raised: 'UnprocessableEntityError', message: expect.stringContaining('Budget has been exceeded') });
  expect(results.stranger).toMatchObject({ raised: 'AuthenticationError' });
  for (const { seconds } of [results.poor, results.stranger]) expect(seconds).toBeLessThan(2);
});
