import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readTls } from '../../src/server/tls.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { makeCertificate } from './certificates.ts';

let folder = '';
let gateway: TestGateway;
let ca: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-tls-'));
  const { certificate, key } = makeCertificate(folder, 'house');
  ca = await readFile(certificate);
  const yaml = 'model_list: [{model_name: demo, litellm_params: {model: openai/demo, mock_response: Hello}}]\n';
  gateway = await startGateway(yaml, { SSL_CERTFILE_PATH: certificate, SSL_KEYFILE_PATH: key });
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const port = () => gateway.parts.server.port;

async function ask(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number | undefined; text: string; answer: IncomingMessage }> {
  const headers = { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' };
  const call = request({ host: '127.0.0.1', port: port(), path, method, ca, headers });
  call.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, text: await text(answer), answer };
}

describe('with a certificate', () => {
  test('calls, also streams, are served over TLS', async () => {
    const question = { model: 'demo', messages: [{ role: 'user', content: 'Hi' }] };
    const whole = await ask('POST', '/v1/chat/completions', question);
    expect(whole.status).toBe(200);
    expect(whole.text).toContain('Hello');
    expect((await ask('POST', '/v1/chat/completions', { ...question, stream: true })).text).toContain('data: [DONE]');
  });

  test('every listener of the port speaks TLS', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('GET', '/health/liveliness')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
  });

  test('plain HTTP gets no answer', async () => {
    await expect(fetch(`http://127.0.0.1:${port()}/health/liveliness`)).rejects.toThrow('fetch failed');
  });

  test("the panel's cookie is for TLS alone, and its socket opens", async () => {
    const { answer } = await ask('POST', '/v2/login', { username: 'admin', password: gateway.masterKey });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toContain('; Secure');
    const socket = new WebSocket(`wss://127.0.0.1:${port()}/ui/ws`, {
      ca,
      headers: { cookie: cookie.split(';')[0] ?? '', origin: `https://127.0.0.1:${port()}` },
    });
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
  });
});

describe('a certificate that cannot be used is told in one line', () => {
  const files = (name: string) => ({ certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) });

  test('a missing file', async () => {
    const missing = join(folder, 'none.pem');
    await expect(readTls({ ...files('house'), certificate: missing })).rejects.toThrow(`certfile: ${missing} does not exist`);
    await expect(readTls({ ...files('house'), key: missing })).rejects.toThrow(`keyfile: ${missing} does not exist`);
  });

  test('a file of something else', async () => {
    const other = join(folder, 'other.txt');
    await writeFile(other, 'hello');
    await expect(readTls({ ...files('house'), certificate: other })).rejects.toThrow(`certfile: ${other} is not a certificate in PEM form`);
    await expect(readTls({ ...files('house'), key: other })).rejects.toThrow(
      `keyfile: ${other} is not a private key in PEM form without a password`,
    );
  });

  test('the key of another certificate', async () => {
    const other = makeCertificate(folder, 'other');
    await expect(readTls({ ...files('house'), key: other.key })).rejects.toThrow(
      `keyfile: ${other.key} is not the key of the certificate ${files('house').certificate}`,
    );
  });
});
