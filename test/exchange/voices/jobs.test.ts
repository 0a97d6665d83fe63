import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { form, FORM_TYPE, send, WAV } from '../../gateway/audio/forms.ts';
import { json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { inTurn, wire } from '../../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from '../leaks.ts';
import { FakeProvider, rowOf, SECRET } from './providers.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const price = ', input_cost_per_second: 0.0001';
  gateway = await startGateway(`model_list:
${rowOf('gladia', 'gladia/solaria-1', `${provider.url}/v2`, price)}${rowOf('rev', 'revai/machine', `${provider.url}/speechtotext/v1`, price)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const hear = (model: string, more: Record<string, string> = {}): Promise<Response> =>
  send(gateway, form(['model', model], ...Object.entries(more).map(([name, value]) => [name, value] as const), ['file', WAV]));

const asked = (): string[] => provider.seen.map(({ method, path }) => `${method} ${path}`);

describe('Gladia', () => {
  const answers = (...last: string[]) =>
    inTurn(wire('gladia/uploaded'), wire('gladia/ordered'), ...last.map((name) => wire(`gladia/${name}`)));

  test('gets the file, then the order, and is asked until the transcript is there', async () => {
    provider.behaviour = answers('processing', 'transcript');
    const answer = await hear('gladia', { language: 'de', 'keywords[]': 'Kueche', response_format: 'verbose_json' });
    expect(await answer.json()).toMatchObject({
      text: 'Licht an. Danke!',
      language: 'de',
      duration: 2.5,
      segments: [{ end: 0.9 }, { end: 2.1 }],
    });
    expect(asked()).toEqual([
      'POST /v2/upload',
      'POST /v2/pre-recorded',
      'GET /v2/pre-recorded/45463597-20b7-4af7-b3b3-f5fb778203ab',
      'GET /v2/pre-recorded/45463597-20b7-4af7-b3b3-f5fb778203ab',
    ]);
    for (const { headers } of provider.seen) expect(headers['x-gladia-key']).toBe(SECRET);
    expect(provider.seen[0]?.body.toString('latin1')).toContain('name="audio"; filename="audio.wav"');
    expect(provider.seen[1]?.headers['content-type']).toBe('application/json');
    expect(provider.seen[1]?.json).toEqual({
      audio_url: 'https://api.gladia.io/file/6c09400e-23d2-4bd2-be55-96a5ececfa3b',
      model: 'solaria-1',
      language_config: { languages: ['de'], code_switching: false },
      custom_vocabulary: true,
      custom_vocabulary_config: { vocabulary: ['Kueche'] },
    });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00025' });
  });

  test('is told when nobody waits for it any more', async () => {
    provider.behaviour = answers('processing');
    const leaving = new AbortController();
    const body = new Uint8Array(form(['model', 'gladia'], ['file', WAV]));
    const headers = { authorization: `Bearer ${gateway.masterKey}`, 'content-type': FORM_TYPE };
    const answer = fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body, signal: leaving.signal });
    await expect.poll(() => provider.seen.length).toBeGreaterThan(2);
    leaving.abort();
    await expect(answer).rejects.toThrow('abort');
    await expect.poll(() => asked().at(-1)).toBe('DELETE /v2/pre-recorded/45463597-20b7-4af7-b3b3-f5fb778203ab');
    await expectNothingLeft(gateway);
  });

  test('hears of a language that stands behind the file', async () => {
    provider.behaviour = answers('transcript');
    await (await send(gateway, form(['model', 'gladia'], ['file', WAV], ['language', 'fr']))).text();
    expect(provider.seen[1]?.json).toMatchObject({ language_config: { languages: ['fr'] } });
  });

  test('that cannot write it down says so, and is left alone', async () => {
    provider.behaviour = answers('error');
    expect((await hear('gladia')).status).toBe(422);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
    for (const lie of [json({}), json({ audio_url: 7 }), json([])]) {
      provider.behaviour = lie;
      expect((await hear('gladia')).status).toBe(502);
    }
    provider.behaviour = inTurn(wire('gladia/uploaded'), json({ id: '../../account', result_url: 'https://elsewhere.example/' }));
    provider.seen.length = 0;
    expect((await hear('gladia')).status).toBe(502);
    expect(asked()).toEqual(['POST /v2/upload', 'POST /v2/pre-recorded']);
    await expectNothingLeft(gateway);
  });
});

describe('Rev AI', () => {
  test('is asked for its job, then for the transcript', async () => {
    provider.behaviour = inTurn(wire('revai/begun'), wire('revai/transcribed'), wire('revai/transcript'));
    const answer = await hear('rev', { language: 'de', response_format: 'diarized_json' });
    expect(await answer.json()).toMatchObject({
      text: 'Licht an.\nDanke!',
      segments: [
        { text: 'Licht an.', start: 0.1, end: 0.9, speaker: '0' },
        { text: 'Danke!', start: 1.5, end: 2.1, speaker: '1' },
      ],
      usage: { type: 'duration', seconds: 2.5 },
    });
    expect(asked()).toEqual([
      'POST /speechtotext/v1/jobs',
      'GET /speechtotext/v1/jobs/Umx5c6F7pH7r',
      'GET /speechtotext/v1/jobs/Umx5c6F7pH7r/transcript',
    ]);
    expect(provider.last.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, accept: 'application/vnd.rev.transcript.v1.0+json' });
    const [first] = provider.seen;
    expect(first?.body.toString('latin1')).toContain('name="media"; filename="audio.wav"');
    expect(first?.body.toString('latin1')).toContain('{"delete_after_seconds":3600,"transcriber":"machine","language":"de"}');
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00025' });
  });

  test('that cannot read the file says so', async () => {
    provider.behaviour = inTurn(wire('revai/begun'), wire('revai/failed'));
    const answer = await hear('rev');
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('invalid media')]);
    await expectNothingLeft(gateway);
  });
});
