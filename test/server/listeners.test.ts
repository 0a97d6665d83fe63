import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { HttpServer } from '../../src/server/http-server.ts';

async function started(port = 0, handle: ConstructorParameters<typeof HttpServer>[0]['handle'] = (_, response) => response.end('here')) {
  const server = new HttpServer({ host: '127.0.0.1', port, handle, upgrades: () => false, upgrade: () => undefined });
  await server.start();
  onTestFinished(() => server.stop(0));
  return server;
}

function spin(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** Opens many connections at once, each with one call, and ends when all are answered. */
const CALLERS = `
const { workerData: { port, count } } = require('node:worker_threads');
for (let n = 0; n < count; n++) {
  const socket = require('node:net').connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\\r\\nhost: test\\r\\nconnection: close\\r\\n\\r\\n');
  socket.resume();
}`;

/** Calls over a connection of its own. @returns what came */
async function called(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n');
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString('latin1')));
  await once(socket, 'close');
  return text;
}

test('new callers do not stand in line, one for each turn of the event loop, while turns are long', async () => {
  let inTurn = 0;
  let most = 0;
  let served = 0;
  const { port } = await started(0, (_, response) => {
    if (inTurn++ === 0) setImmediate(() => (inTurn = 0));
    most = Math.max(most, inTurn);
    // All the others come while the first is served.
    spin(served++ === 0 ? 400 : 1);
    response.end('here');
  });
  const callers = new Worker(CALLERS, { eval: true, workerData: { port, count: 200 } });
  await once(callers, 'exit');
  expect(most).toBeGreaterThan(60);
});

test('every one of many connections is answered', async () => {
  const { port } = await started();
  const answers = await Promise.all(Array.from({ length: 300 }, () => called(port)));
  expect(answers.every((text) => text.startsWith('HTTP/1.1 200') && text.includes('here'))).toBe(true);
});

test('a port that is taken is noticed, also when the other one is a gateway', async () => {
  const { port } = await started();
  await expect(started(port)).rejects.toThrow('EADDRINUSE');
});

test('a stopped server takes no new connection, and its port is free again', async () => {
  const server = await started();
  const { port } = server;
  await server.stop(0);
  await expect(called(port)).rejects.toThrow('ECONNREFUSED');
  await started(port);
});

test('a stop waits for the answers that run, whichever listener let them in', async () => {
  const release = Promise.withResolvers<void>();
  const server = await started(0, (_, response) => void release.promise.then(() => response.end('late')));
  const { port } = server;
  const answers = Array.from({ length: 8 }, () => called(port));
  await new Promise((resolve) => setTimeout(resolve, 100));
  let stopped = false;
  const stopping = server.stop(20_000).then(() => (stopped = true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(stopped).toBe(false);
  release.resolve();
  for (const text of await Promise.all(answers)) expect(text).toContain('late');
  await stopping;
});
