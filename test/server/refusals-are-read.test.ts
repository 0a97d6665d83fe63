import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway('model_list: []\ngeneral_settings: { max_request_size_mb: 1 }\n');
});

afterAll(() => gateway.stop());

const MB = 1_048_576;

interface Heard {
  readonly socket: Socket;
  /** All that was answered, once the connection is closed in good order. */
  readonly all: Promise<string>;
}

function send(head: string): Heard {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  const all = new Promise<string>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
  all.catch(() => undefined);
  socket.write(head);
  return { socket, all };
}

const head = (key: string, length: number): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${key}\r\ncontent-length: ${length}\r\n\r\n`;

test.each([
  ['a key that nobody knows', 'sk-nobody-at-all', 401],
  ['a body that is too large', '', 413],
])('%s is told to a client that sends on meanwhile', async (_name, key, status) => {
  const { socket, all } = send(head(key === '' ? gateway.masterKey : key, 4 * MB));
  // Many clients read nothing until they have sent everything.
  socket.pause();
  socket.write(Buffer.alloc(MB));
  // By now the answer is there, and without patience the connection would be closed.
  await wait(200);
  socket.write(Buffer.alloc(3 * MB));
  await wait(200);
  socket.resume();
  const text = await all;
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(text).toMatch(/connection: close\r\n/);
  expect(text.trimEnd()).toMatch(/\}$/);
});

test('nobody is let send without end', async () => {
  const { socket, all } = send(head('sk-nobody-at-all', 400 * MB));
  let sent = 0;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  while (!socket.destroyed && sent < 400) {
    sent++;
    if (!socket.write(Buffer.alloc(MB))) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
  }
  await all.catch(() => undefined);
  expect(sent).toBeLessThan(100);
});
