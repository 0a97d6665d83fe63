import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectNothingLeft } from '../exchange/leaks.ts';
import { forEach, startSurface, type Surface } from './hostile-gateway.ts';
import { rawRequest, sendRaw } from './raw-http.ts';

/** What arrives below the body: packing, framing, headers, speed. */
let surface: Surface;
let key: string;
let port: number;

const LONG = 120_000;
const ask = JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'Hi' }] });

beforeAll(async () => {
  surface = await startSurface();
  key = await surface.gateway.key();
  port = surface.gateway.parts.server.port;
});

afterEach(() => surface.expectUnharmed());

afterAll(() => surface.stop());

async function post(body: Buffer | string, headers: Record<string, string>, path = '/v1/chat/completions'): Promise<number> {
  const answer = await fetch(surface.gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  surface.judge(answer.status, await answer.text(), JSON.stringify(headers));
  return answer.status;
}

const PACKERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };
const BOMB = Buffer.alloc(64 * 1_048_576, 0x20);
const BOMBS = Object.fromEntries(Object.entries(PACKERS).map(([name, pack]) => [name, pack(BOMB)]));

test('a packed body is read in every encoding there is, and in no other', async () => {
  for (const [name, pack] of Object.entries(PACKERS)) {
    expect(await post(pack(Buffer.from(ask)), { 'content-encoding': name }), name).toBe(200);
    expect(await post(pack(Buffer.from(ask)), { 'content-encoding': name.toUpperCase() }), name).toBe(200);
    expect(await post(pack(Buffer.from(ask)).subarray(0, 20), { 'content-encoding': name }), `cut ${name}`).toBe(400);
    expect(await post(ask, { 'content-encoding': name }), `plain under ${name}`).toBe(400);
  }
  for (const name of ['gzip, gzip', 'compress', 'x', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])
    expect(await post(ask, { 'content-encoding': name }), name).toBe(400);
});

test('a body that grows beyond the limit when it is unpacked is refused before it has grown', async () => {
  for (const [name, bomb] of Object.entries(BOMBS)) {
    const before = process.memoryUsage().rss;
    expect(await post(bomb, { 'content-encoding': name }), name).toBe(413);
    expect(process.memoryUsage().rss - before, name).toBeLessThan(BOMB.length);
  }
});

test('a body beyond the limit is refused by its stated length, and while it is read when none is stated', async () => {
  const stated = await sendRaw(
    port,
    rawRequest({
      method: 'POST',
      target: '/v1/chat/completions',
      headers: [
        ['authorization', `Bearer ${key}`],
        ['content-length', '99999999999'],
      ],
    }),
  );
  expect(stated.status).toBe(413);
  const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
  const read = await sendRaw(
    port,
    Buffer.concat([
      rawRequest({
        method: 'POST',
        target: '/v1/chat/completions',
        headers: [
          ['authorization', `Bearer ${key}`],
          ['transfer-encoding', 'chunked'],
        ],
      }),
      Buffer.from(chunk.repeat(40)),
    ]),
  );
  expect(read.status).toBe(413);
  expect(
    await post('x'.repeat(5 * 1_048_576), { authorization: `Bearer ${surface.gateway.masterKey}` }, '/key/generate').catch(() => 413),
  ).toBe(413);
});

/** A whole request of its own, with the right to do harm: it must never be read as one. */
function smuggled(): string {
  return `POST /key/generate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${surface.gateway.masterKey}\r\ncontent-length: 2\r\n\r\n{}`;
}

test('a request that two readers would cut in two places is refused, and nothing behind it is read', async () => {
  const head = (lines: string): string => `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${lines}\r\n\r\n`;
  const shapes: readonly (readonly [string, string])[] = [
    ['length and chunks', `${head('content-length: 4\r\ntransfer-encoding: chunked')}0\r\n\r\n${smuggled()}`],
    ['chunks and length', `${head('transfer-encoding: chunked\r\ncontent-length: 4')}0\r\n\r\n${smuggled()}`],
    ['two lengths', `${head('content-length: 0\r\ncontent-length: 60')}${smuggled()}`],
    ['the same length twice', `${head('content-length: 2\r\ncontent-length: 2')}{}`],
    ['a list of lengths', `${head('content-length: 0, 60')}${smuggled()}`],
    ['a signed length', `${head('content-length: +2')}{}${smuggled()}`],
    ['a negative length', `${head('content-length: -1')}${smuggled()}`],
    ['a hexadecimal length', `${head('content-length: 0x2')}{}${smuggled()}`],
    ['an endless length', `${head(`content-length: ${'9'.repeat(40)}`)}${smuggled()}`],
    ['a blank before the colon', `${head('content-length : 2')}{}${smuggled()}`],
    ['chunks under another name', `${head('transfer-encoding: xchunked')}0\r\n\r\n${smuggled()}`],
    ['chunks not at the end', `${head('transfer-encoding: chunked, identity')}0\r\n\r\n${smuggled()}`],
    ['chunks with a tab', `${head('transfer-encoding:\tchunked\r\ncontent-length: 3')}0\r\n\r\n${smuggled()}`],
    ['a folded header', `${head('transfer-encoding:\r\n chunked\r\ncontent-length: 4')}0\r\n\r\n${smuggled()}`],
    ['a bare line feed', `POST /v1/chat/completions HTTP/1.1\nhost: x\ncontent-length: 0\n\n${smuggled()}`],
    ['a bare carriage return in a header', `${head('x-a: b\rtransfer-encoding: chunked\r\ncontent-length: 0')}${smuggled()}`],
    ['NUL in a header', `${head('x-a: b\u0000c\r\ncontent-length: 0')}${smuggled()}`],
    ['a chunk size that overflows', `${head('transfer-encoding: chunked')}fffffffffffffffff\r\n${smuggled()}`],
    ['a chunk size with a sign', `${head('transfer-encoding: chunked')}-1\r\n${smuggled()}`],
    ['no host', 'GET /health/liveness HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['HTTP/9.9', 'GET /health/liveness HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['a TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['the start of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ];
  const keys = surface.gateway.parts.ring.size;
  await forEach(shapes, async ([name, bytes]) => {
    const answer = await sendRaw(port, bytes, 3000);
    // What is left over behind a refusal may be refused once more; it is never served.
    const statuses = [...answer.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    expect([['400'], ['401'], ['401', '400']], `${name}: ${answer.text}`).toContainEqual(statuses);
  });
  expect(surface.gateway.parts.ring.size).toBe(keys);
});

test('headers that are too large or too many are refused, and odd ones do no harm', async () => {
  const send = (headers: readonly (readonly [string, string])[]) =>
    sendRaw(
      port,
      rawRequest({ method: 'POST', target: '/v1/chat/completions', headers: [['authorization', `Bearer ${key}`], ...headers], body: ask }),
    );
  expect((await send([['x-big', 'a'.repeat(70_000)]])).status).toBe(431);
  expect((await send(Array.from({ length: 900 }, (_, index) => [`x-${index}`, 'a'.repeat(80)] as const))).status).toBe(431);
  const odd: readonly (readonly [string, string])[][] = [
    Array.from({ length: 1500 }, (_, index) => [`x-${index}`, 'b'] as const),
    [['x-litellm-timeout', '-1']],
    [['x-litellm-timeout', '1e999']],
    [['x-litellm-stream-timeout', 'NaN']],
    [['x-litellm-num-retries', '99999999999999999999']],
    [['x-litellm-tags', ','.repeat(50_000)]],
    [['x-litellm-spend-logs-metadata', '{"a":'.repeat(8000)]],
    [['x-litellm-spend-logs-metadata', `{"a":"${'\\u0000'.repeat(2000)}"}`]],
    [['x-litellm-customer-id', '\u00ff\u00fe'.repeat(2000)]],
    [['x-litellm-call-id', 'a'.repeat(5000)]],
    [['x-litellm-call-id', '\u00e9"<script>']],
    [['x-litellm-session-id', 'a'.repeat(10_000)]],
    [
      ['origin', '\u00ff'],
      ['access-control-request-headers', 'x'.repeat(5000)],
    ],
    [['user-agent', '\u0001'.repeat(10)]],
    [['content-type', 'multipart/form-data; boundary=x']],
    [['content-type', 'application/json; charset=utf-7']],
    [['expect', '100-continue']],
    [
      ['upgrade', 'h2c'],
      ['connection', 'upgrade, close'],
    ],
    ...[
      'upgrade',
      'expect',
      'te',
      'trailer',
      'keep-alive',
      'connection',
      'transfer-encoding',
      'content-length',
      'host',
      'accept-encoding',
      'content-encoding',
      'authorization',
      'proxy-authorization',
      ':path',
      '__proto__',
    ].map((name) => [[`x-pass-${name}`, 'gzip, deflate']] as [string, string][]),
  ];
  const seen = surface.provider.seen.length;
  await forEach(odd, async (headers) => {
    const answer = await send(headers);
    expect([200, 400, 417, 431], `${JSON.stringify(headers).slice(0, 200)}: ${answer.text.slice(0, 300)}`).toContain(answer.status);
    expect(answer.headers['x-litellm-call-id'] ?? '0', JSON.stringify(headers).slice(0, 200)).toMatch(/^[!-~]{1,128}$/);
  });
  for (const { headers } of surface.provider.seen.slice(seen)) {
    expect(Object.values(headers)).not.toContain('gzip, deflate');
    expect(headers.authorization).toBe('Bearer canary-of-the-provider-0123456789');
  }
});

test('the headers of an answer stay small, however long the names are that a caller chose', async () => {
  for (const model of ['m'.repeat(30_000), '\u65e5'.repeat(3000), '\ud800'.repeat(300)]) {
    const answer = await surface.gateway.call('POST', '/v1/chat/completions', { model, messages: [] }, key);
    expect([...answer.headers].reduce((size, [name, value]) => size + name.length + value.length + 4, 0)).toBeLessThan(4096);
    expect(answer.status).toBe(400);
    await answer.text();
  }
});

test('a sender that leaves in the middle, or is slow, holds nothing', async () => {
  const half = rawRequest({
    method: 'POST',
    target: '/v1/chat/completions',
    headers: [
      ['authorization', `Bearer ${key}`],
      ['content-length', '500'],
    ],
  });
  await forEach(
    Array.from({ length: 40 }, (_, index) => index),
    (index) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.concat([half, Buffer.from(ask.slice(0, index))]).subarray(0, half.length - 60 + index * 3), () =>
            socket.destroy(),
          );
        });
        socket.on('close', () => {
          resolve();
        });
      }),
  );
  await expectNothingLeft(surface.gateway);
  const slow = await new Promise<string>((resolve) => {
    const text: string[] = [];
    const socket = connect(port, '127.0.0.1');
    const bytes = rawRequest({ method: 'POST', target: '/v1/chat/completions', headers: [['authorization', `Bearer ${key}`]], body: ask });
    socket.on('data', (chunk: Buffer) => text.push(chunk.toString('latin1')));
    socket.on('close', () => {
      resolve(text.join(''));
    });
    void (async () => {
      for (let at = 0; at < bytes.length; at += 16) {
        socket.write(bytes.subarray(at, at + 16));
        await new Promise(setImmediate);
      }
    })();
  });
  expect(slow).toMatch(/^HTTP\/1\.1 200 /);
});

test(
  'memory comes back after large and packed bodies',
  async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const large = JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'x'.repeat(1_900_000) }] });
    const round = async (): Promise<number> => {
      await forEach(
        Array.from({ length: 12 }, (_, index) => index),
        async (index) => {
          if (index % 3 === 0) await post(BOMBS['gzip'] ?? '', { 'content-encoding': 'gzip' });
          else await post(index % 3 === 1 ? large : `${large}x`, {});
          surface.provider.seen.length = 0;
        },
        4,
      );
      await expectNothingLeft(surface.gateway);
      // What a finalizer lets go of is counted one turn later.
      for (let turn = 0; turn < 3; turn++) {
        collect();
        await new Promise(setImmediate);
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const first = [await round(), await round()];
    const later = [await round(), await round()];
    // One round more or less of what was not collected yet is noise; what stays is in every round.
    expect(Math.min(...later) - Math.min(...first)).toBeLessThan(16 * 1_048_576);
  },
  LONG,
);
