import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';
import { modelList, WIRES } from './wires.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(modelList(provider.url));
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const MEGABYTE = 1_048_576;
const PIECE = 'x'.repeat(65_536);
const PIECES = 1024;

test.each(WIRES)(
  'a client that does not read holds $group back: what waits on the way stays small',
  async (wire) => {
    let sent = 0;
    provider.behaviour = async (request, response) => {
      response.writeHead(200, { 'content-type': wire.streamType });
      for (const event of wire.head()) response.write(event);
      for (; sent < PIECES; sent++) {
        // Pieces differ: equal ones in a row are a model that is stuck.
        if (!response.write(wire.piece(`${sent}${PIECE}`)))
          await Promise.race([new Promise((resolve) => response.once('drain', resolve)), request.gone]);
        if (response.destroyed) return;
      }
      for (const event of wire.tail({ input: 10, output: 20_000 })) response.write(event);
      response.end();
    };
    const before = process.memoryUsage();
    const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}` },
    });
    request.end(JSON.stringify({ model: wire.group, messages: [{ role: 'user', content: 'Hi' }], stream: true }));
    const answer = await new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
    answer.pause();
    await expect
      .poll(
        async () => {
          const then = sent;
          await new Promise((resolve) => setTimeout(resolve, 150));
          return sent === then;
        },
        { timeout: 10_000, interval: 1 },
      )
      .toBe(true);
    const held = sent;
    const grown = process.memoryUsage().rss - before.rss;
    // Sockets of this test and of the gateway hold some megabytes; the answer has 64.
    expect(held * PIECE.length).toBeLessThan(24 * MEGABYTE);
    expect(grown).toBeLessThan(80 * MEGABYTE);
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(PIECES * PIECE.length);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', completion_tokens: 20_000 });
  },
  60_000,
);
