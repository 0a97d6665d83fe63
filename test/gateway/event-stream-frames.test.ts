import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { EventStream } from '../../src/gateway/event-stream.ts';

const EVENTS = ['data: one\n\n', 'data: gr\u00c3\u00bc\u00c3\u009fe\n\n', 'data: [DONE]\n\n'];

/** Asks twice over one connection where it stays open. @returns everything the server sent, latin1 */
async function asked(version: '1.0' | '1.1'): Promise<string> {
  const server = createServer((request, response) => {
    const events = new EventStream(request, response, () => ['x-litellm-call-id', 'call-1']);
    events.open();
    for (const event of EVENTS) void events.write(event);
    events.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => (received += bytes.toString('latin1')));
  const question = (last: boolean): string => `GET / HTTP/${version}\r\nhost: test\r\n${last ? 'connection: close\r\n' : ''}\r\n`;
  socket.write(version === '1.0' ? question(true) : question(false) + question(true));
  await once(socket, 'close');
  server.close();
  return received;
}

test('a stream leaves in frames of chunked transfer, and its connection serves the next call', async () => {
  const answers = (await asked('1.1')).split('HTTP/1.1 200 OK\r\n').slice(1);
  expect(answers).toHaveLength(2);
  for (const answer of answers) {
    expect(answer).toContain('\r\ntransfer-encoding: chunked\r\n');
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(
      `${EVENTS.map((event) => `${event.length.toString(16)}\r\n${event}\r\n`).join('')}0\r\n\r\n`,
    );
  }
});

test('a client that speaks HTTP/1.0 gets no frames; its stream ends with the connection', async () => {
  const answer = await asked('1.0');
  expect(answer).not.toContain('transfer-encoding');
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(EVENTS.join(''));
});
