import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { makeCertificate } from '../../server/certificates.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { begin, form, FORM_END, head, received, recording, send } from './forms.ts';

/** What a provider that speaks HTTP/2 and HTTP/1.1 saw of one request. */
interface Seen {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly chunks: Buffer[];
  /** Its body came to its proper end; false: it was broken off. */
  readonly whole: Promise<boolean>;
}

let folder: string;
let server: Http2SecureServer;
let gateway: TestGateway;
const seen: Seen[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-test-'));
  const { certificate, key } = makeCertificate(folder, 'provider');
  server = createSecureServer({ cert: await readFile(certificate), key: await readFile(key), allowHTTP1: true });
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    const whole = new Promise<boolean>((resolve) => {
      request.on('close', () => {
        resolve(request.complete && !request.stream?.rstCode);
      });
      request.on('error', () => undefined);
    });
    seen.push({ request, response, chunks, whole });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"heard"}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  gateway = await startGateway(`model_list:
  - { model_name: whisper, litellm_params: { model: openai/whisper-1, api_base: "${base}", api_key: sk-x, ssl_verify: false, input_cost_per_second: 0.0001 } }
router_settings: { num_retries: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  seen.length = 0;
});

const opening = Buffer.concat([head(['model', 'whisper']), Buffer.from('whisper\r\n'), head(['file', recording(64)])]);

async function asked(): Promise<Seen> {
  await expect.poll(() => seen.length).toBe(1);
  const [first] = seen;
  if (!first) throw new Error('nobody asked');
  return first;
}

test.each(['model', 'file'])('a file reaches its provider whole, %s first', async (first) => {
  const file = recording(3_000_000);
  const parts = [['model', 'whisper'] as const, ['file', file] as const];
  const answer = await send(gateway, form(...(first === 'model' ? parts : parts.toReversed())));
  expect(await answer.json()).toEqual({ text: 'heard' });
  const { request, chunks, whole } = await asked();
  expect(await whole).toBe(true);
  const got = await received({ headers: { 'content-type': request.headers['content-type'] ?? '' }, body: Buffer.concat(chunks) });
  expect(got.file.bytes.equals(file)).toBe(true);
});

test('a client that leaves and a form that breaks off are never taken for a whole one', async () => {
  const leaving = begin(gateway);
  leaving.request.on('error', () => undefined);
  leaving.request.write(Buffer.concat([opening, recording(200_000)]));
  const { whole } = await asked();
  leaving.request.destroy();
  expect(await whole).toBe(false);
  expect(await lastRow(gateway)).toMatchObject({ spend: '0', metadata: { client_left: true } });

  seen.length = 0;
  const broken = begin(gateway);
  broken.request.write(Buffer.concat([opening, recording(200_000)]));
  const second = await asked();
  broken.request.end('no boundary');
  expect(await broken.answer).toMatchObject({ status: 400 });
  expect(await second.whole).toBe(false);
});

test('a provider that answers and ends before the file does is heard', async () => {
  const { request, answer } = begin(gateway);
  request.write(Buffer.concat([opening, recording(200_000)]));
  const { response } = await asked();
  response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"bad key"}}');
  request.end(Buffer.concat([Buffer.from('\r\n'), FORM_END]));
  expect(await answer).toMatchObject({ status: 401, text: expect.stringContaining('bad key') });
  await expectNothingLeft(gateway);
  expect(gateway.log.join('\n')).not.toMatch(/unforeseen|unhandled/i);
});
