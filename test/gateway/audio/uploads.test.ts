import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectNothingLeft, lastRow } from '../../exchange/leaks.ts';
import { FakeProvider, json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { begin, form, FORM_END, head, type Part, received, recording, send, WAV } from './forms.ts';

const MB = 1_048_576;

/** A provider that is asked to look at a request while it still arrives. */
class WatchingProvider {
  readonly requests: IncomingMessage[] = [];
  take: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      this.take(request, response);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let watching: WatchingProvider;
let provider: FakeProvider;
let second: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  watching = new WatchingProvider();
  await watching.start();
  provider = await FakeProvider.start();
  second = await FakeProvider.start(json({ text: 'second' }));
  const row = (name: string, base: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/whisper-1, api_base: "${base}/v1", api_key: sk-provider, input_cost_per_second: 0.0001${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('watched', watching.url)}${row('impatient', watching.url, ', timeout: 0.4')}${row('whisper', provider.url, ', num_retries: 1')}${row('two', provider.url)}${row('spare', second.url)}
router_settings: { num_retries: 0, fallbacks: [{ two: [spare] }], retry_after: 0, disable_cooldowns: true }
general_settings: { max_request_size_mb: 110, max_file_size_mb: 100 }
`);
});

afterAll(async () => {
  await gateway.stop();
  watching.stop();
  await provider.stop();
  await second.stop();
});

beforeEach(() => {
  watching.requests.length = 0;
  provider.seen.length = 0;
  second.seen.length = 0;
  provider.behaviour = json({ text: 'first' });
});

/** What this process has open. */
async function openFiles(): Promise<string[]> {
  const paths = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path !== '');
}

/** What the provider that is watched is held to have done wrong. */
function failures(): number {
  const [deployment] = gateway.parts.router.find('watched')?.deployments ?? [];
  if (!deployment) throw new Error('there is no such model');
  return gateway.parts.router.states.health(deployment).errors;
}

/** Bytes in buffers that somebody still holds. */
function inMemory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

const FILE: Part = ['file', recording(64)];

/** The beginning of a form whose model is known: everything up to the first bytes of its file. */
const opening = (model: string): Buffer => Buffer.concat([head(['model', model]), Buffer.from(`${model}\r\n`), head(FILE)]);

async function untilAsked(): Promise<IncomingMessage> {
  await expect.poll(() => watching.requests.length).toBe(1);
  const [request] = watching.requests;
  if (!request) throw new Error('nobody asked');
  return request;
}

describe('a file behind its model', () => {
  test('reaches the provider while it still arrives', async () => {
    const text = Promise.withResolvers<string>();
    watching.take = (request, response) => {
      let seen = '';
      request.on('data', (chunk: Buffer) => {
        seen += chunk.toString('latin1');
        if (seen.includes('first words')) text.resolve(seen);
      });
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"heard"}'));
    };
    const { request, answer } = begin(gateway);
    request.write(Buffer.concat([opening('watched'), recording(64), Buffer.from('first words')]));
    expect(await text.promise).toContain('whisper-1');
    request.end(Buffer.concat([Buffer.from('the end\r\n'), FORM_END]));
    expect(await answer).toMatchObject({ status: 200, text: '{"text":"heard"}' });
    await expectNothingLeft(gateway);
  });

  test('whose client leaves costs nothing, and its provider is told and not blamed', async () => {
    const told = Promise.withResolvers<void>();
    watching.take = (request) => {
      request.on('data', () => undefined);
      request.on('error', () => {
        told.resolve();
      });
    };
    const { request } = begin(gateway);
    request.on('error', () => undefined);
    request.write(Buffer.concat([opening('watched'), recording(200_000)]));
    await untilAsked();
    request.destroy();
    await Promise.race([told.promise, wait(2000).then(() => Promise.reject(new Error('the provider was not told')))]);
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0', metadata: { client_left: true } });
    expect(watching.requests[0]?.complete).toBe(false);
    expect(failures()).toBe(0);
    expect(gateway.log.join('\n')).not.toMatch(/unforeseen|unhandled/i);
  });

  test('whose provider answers before its end has that answer', async () => {
    watching.take = (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no such language","param":"language"}}');
    };
    const { request, answer } = begin(gateway);
    request.write(Buffer.concat([opening('watched'), recording(200_000)]));
    await untilAsked();
    await wait(50);
    request.end(Buffer.concat([Buffer.alloc(200_000), Buffer.from('\r\n'), FORM_END]));
    expect(await answer).toMatchObject({ status: 400, text: expect.stringContaining('no such language') });
    await expectNothingLeft(gateway);
  });

  test('that turns out to be no form is refused, and its provider is not blamed', async () => {
    watching.take = (request) => {
      request.on('error', () => undefined);
    };
    const { request, answer } = begin(gateway);
    request.write(Buffer.concat([opening('watched'), recording(100_000)]));
    await untilAsked();
    request.end('and no boundary');
    expect(await answer).toMatchObject({ status: 400, text: expect.stringContaining('The form cannot be read') });
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
    expect(watching.requests[0]?.complete).toBe(false);
    expect(failures()).toBe(0);
  });

  test.each([
    ['a second model', 'model'],
    ['an address of its own', 'api_base'],
  ])('with %s behind it is refused although it is under way', async (_name, field) => {
    watching.take = (request) => {
      request.on('error', () => undefined).on('data', () => undefined);
    };
    const { request, answer } = begin(gateway);
    request.write(Buffer.concat([opening('watched'), recording(100_000)]));
    await untilAsked();
    request.end(Buffer.concat([Buffer.from('\r\n'), form([field, 'http://127.0.0.1:1'])]));
    expect(await answer).toMatchObject({ status: 400, text: expect.stringContaining(`"param":"${field}"`) });
    await expectNothingLeft(gateway);
  });

  test('takes as long as its client needs: time-outs count for the provider alone', async () => {
    watching.take = (request, response) => {
      request.on('data', () => undefined);
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"heard"}'));
    };
    const { request, answer } = begin(gateway);
    request.write(Buffer.concat([opening('impatient'), recording(64)]));
    await untilAsked();
    await wait(900);
    request.end(Buffer.concat([Buffer.from('\r\n'), FORM_END]));
    expect(await answer).toMatchObject({ status: 200 });
    watching.take = (held) => {
      held.on('data', () => undefined).on('error', () => undefined);
    };
    expect((await send(gateway, form(['model', 'impatient'], ['file', WAV]))).status).toBe(408);
  });

  test('of up to 25 MB is sent again, to the same provider and to another one', async () => {
    const file = recording(20 * MB);
    let calls = 0;
    provider.behaviour = (request, response) => json({ text: 'first' }, ++calls === 1 ? 503 : 200)(request, response);
    expect(await (await send(gateway, form(['model', 'whisper'], ['file', file]))).json()).toEqual({ text: 'first' });
    expect(provider.seen).toHaveLength(2);
    for (const seen of provider.seen) expect((await received(seen)).file.bytes.equals(file)).toBe(true);
    provider.behaviour = json({ error: { message: 'down' } }, 503);
    expect(await (await send(gateway, form(['model', 'two'], ['file', file]))).json()).toEqual({ text: 'second' });
    expect((await received(second.last)).file.bytes.equals(file)).toBe(true);
  });

  test('of more is sent once', async () => {
    provider.behaviour = json({ error: { message: 'down' } }, 503);
    const answer = await send(gateway, form(['model', 'two'], ['file', recording(26 * MB)]));
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('down');
    expect(provider.seen).toHaveLength(1);
    expect(second.seen).toHaveLength(0);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('goes no faster than its provider takes it, and lies in no memory meanwhile', async () => {
    const total = 95 * MB;
    const pauses = [2 * MB, 60 * MB].map((at) => ({ at, over: Promise.withResolvers<void>() }));
    let taken = 0;
    watching.take = (request, response) => {
      const take = async (): Promise<void> => {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          taken += chunk.length;
          for (const { at, over } of pauses) if (taken > at) await over.promise;
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"heard"}');
      };
      void take();
    };
    const { request, answer } = begin(gateway, { 'content-length': String(opening('watched').length + total + 2 + FORM_END.length) });
    request.write(opening('watched'));
    const chunk = Buffer.alloc(MB, 7);
    let sent = 0;
    const sending = (async (): Promise<void> => {
      for (; sent < total; sent += MB) if (!request.write(chunk)) await new Promise((resolve) => request.once('drain', resolve));
      request.end(Buffer.concat([Buffer.from('\r\n'), FORM_END]));
    })();
    onTestFinished(() => {
      request.destroy();
      for (const { over } of pauses) over.resolve();
    });
    const before = inMemory();
    for (const { at, over } of pauses) {
      await expect.poll(() => taken, { timeout: 40_000 }).toBeGreaterThan(at);
      // Nobody moves any more: what is on the way lies in the sockets of four ends, some 20 MB at most.
      let last = -1;
      while (last !== sent) {
        last = sent;
        await wait(200);
      }
      expect(sent - at).toBeLessThan(32 * MB);
      expect(inMemory() - before).toBeLessThan(32 * MB);
      over.resolve();
    }
    await sending;
    expect(await answer).toMatchObject({ status: 200 });
    expect(taken).toBeGreaterThan(total);
    await expectNothingLeft(gateway);
  }, 120_000);
});

describe('a file before its model', () => {
  test('beyond 25 MB lies in a temporary file without a name, and is sent again all the same', async () => {
    const file = recording(27 * MB);
    let nameless = 0;
    provider.behaviour = async (request, response) => {
      nameless = (await openFiles()).filter((path) => /gateway-upload-.*\(deleted\)$/.test(path)).length;
      await json({ error: { message: 'down' } }, 503)(request, response);
    };
    expect(await (await send(gateway, form(['file', file], ['model', 'two']))).json()).toEqual({ text: 'second' });
    expect(nameless).toBe(1);
    expect((await openFiles()).filter((path) => path.includes('gateway-upload-'))).toEqual([]);
    for (const { last } of [provider, second]) expect((await received(last)).file.bytes.equals(file)).toBe(true);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('gateway-upload-'))).toEqual([]);
    expect(Number(second.last.headers['content-length'])).toBe(second.last.body.length);
  });

  test('reaches nobody when its client leaves', async () => {
    const { request } = begin(gateway);
    request.on('error', () => undefined);
    request.write(Buffer.concat([head(FILE), recording(30 * MB)]));
    await wait(200);
    request.destroy();
    await expectNothingLeft(gateway);
    expect(watching.requests.length + provider.seen.length + second.seen.length).toBe(0);
  });
});

describe('a file that is too large', () => {
  test('is refused by its announcement', async () => {
    const { answer } = begin(gateway, { 'content-length': String(111 * MB) });
    expect(await answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  test.each(['model', 'file'])(
    'is refused when it has passed the limit, %s first',
    async (first) => {
      watching.take = (request) => {
        request.on('data', () => undefined).on('error', () => undefined);
      };
      const { request, answer } = begin(gateway, { 'transfer-encoding': 'chunked' });
      request.on('error', () => undefined);
      request.write(first === 'model' ? opening('watched') : head(FILE));
      const chunk = Buffer.alloc(MB);
      for (let sent = 0; sent < 101 && !request.destroyed; sent++)
        if (!request.write(chunk))
          await Promise.race([new Promise((resolve) => request.once('drain', resolve)), answer.catch(() => undefined)]);
      expect(await answer).toMatchObject({ status: 413, text: expect.stringContaining('The file is too large. The limit is 100 MB.') });
      await expectNothingLeft(gateway);
    },
    60_000,
  );
});

test('a caller who still sends reads why it is refused, on a connection that serves on', async () => {
  const key = await gateway.key({ max_budget: 0 });
  const { request, answer } = begin(gateway, { authorization: `Bearer ${key}` });
  request.write(Buffer.concat([opening('watched'), recording(300_000)]));
  await wait(100);
  request.end(Buffer.concat([Buffer.alloc(900_000), Buffer.from('\r\n'), FORM_END]));
  expect(await answer).toMatchObject({ status: 422 });
  expect((await answer).headers.connection).not.toBe('close');
  expect(watching.requests).toEqual([]);
});
