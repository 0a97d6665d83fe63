import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packAll } from '../../scripts/pack.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const SCRIPT = `export const words = [${'"panel", '.repeat(400)}];\n`;
const SMALL = 'export {};\n';

let folder: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-panel-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><base href="%BASE%"><title>Panel</title>');
  await writeFile(join(folder, 'assets', 'app-1.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'small-1.js'), SMALL);
  await writeFile(join(folder, 'assets', 'font-1.woff2'), Buffer.alloc(2000, 7));
  await packAll(folder);
  gateway = await startGateway('model_list: []', { GATEWAY_TEST_PANEL: folder });
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Asks without anybody unpacking the answer. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  get(`${gateway.url}${path}`, { headers, agent: false }, (answer) => {
    buffer(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
  }).on('error', reject);
  return promise;
}

describe('a file of the panel', () => {
  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
  ] as const)('goes out packed to who takes %s', async (accepted, encoding, unpacked) => {
    const { status, headers, body } = await ask('/ui/assets/app-1.js', { 'accept-encoding': accepted });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': encoding,
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(body.length).toBeLessThan(SCRIPT.length / 4);
    expect(unpacked(body).toString()).toBe(SCRIPT);
  });

  test('goes out as it is to who takes nothing else, or when packing gains nothing', async () => {
    const plain = await ask('/ui/assets/app-1.js');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
    for (const name of ['small-1.js', 'font-1.woff2']) {
      const { status, headers } = await ask(`/ui/assets/${name}`, { 'accept-encoding': 'br, gzip' });
      expect(status).toBe(200);
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  test('is not sent again to who has it in that packing', async () => {
    const packed = await ask('/ui/assets/app-1.js', { 'accept-encoding': 'br' });
    const plain = await ask('/ui/assets/app-1.js');
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    const again = await ask('/ui/assets/app-1.js', { 'accept-encoding': 'br', 'if-none-match': packed.headers.etag ?? '' });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  test('that is not there is 404; every other address below /ui is the page', async () => {
    expect((await ask('/ui/assets/other-1.js')).status).toBe(404);
    for (const path of ['/ui', '/ui/keys/one', '/ui/index.html']) {
      const { status, headers, body } = await ask(path);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(body.toString()).toContain('<base href="/ui/">');
    }
  });
});
