import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../src/core/errors.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { MediaFetcher, type MediaWish } from '../../src/providers/media.ts';
import { readDataUrl } from '../../src/providers/media/data-url.ts';
import { mediaTypeOf, sniffMediaType } from '../../src/providers/media/sniff.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

let server: Server;
let port: number;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let fetcher: MediaFetcher;
const policy = new EgressPolicy({
  // One public-looking name that really leads to the test's own server, one that leads inside.
  resolve: async (name) => (name === 'nowhere.example' ? [] : [{ address: '127.0.0.1', family: 4 }]),
  ownPorts: () => [],
  ownHosts: () => [],
});
const make = (maxBytes = 1000, timeoutMs = 2000): MediaFetcher => {
  fetcher = new MediaFetcher({ policy, maxBytes, timeoutMs });
  return fetcher;
};
beforeEach(() => {
  asked = [];
  answer = (_, response) => response.end(PNG);
});
afterEach(() => fetcher.stop());

const here = (path: string): string => `http://127.0.0.1:${port}${path}`;
const inside: MediaWish = { kind: 'image', allowPrivate: true };
const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fetched',
    (error: unknown) => {
      expect(error).toBeInstanceOf(InvalidRequestError);
      return (error as Error).message;
    },
  );

describe('a URL in a request', () => {
  test('is fetched, and its type read from its bytes whatever the server says', async () => {
    answer = (_, response) => response.setHeader('content-type', 'text/plain').end(JPEG);
    expect(await make().fetch(here('/a'), inside)).toEqual({ mediaType: 'image/jpeg', data: JPEG });
  });

  test('that leads inside is refused with the words that any failure has', async () => {
    const words = (url: string): string => `Unable to fetch image from URL. url=${url}`;
    const fetches = make();
    for (const url of [here('/secret'), 'http://evil.example/x', 'http://nowhere.example/x', 'http://169.254.169.254/', 'ftp://x/y']) {
      expect(await messageOf(fetches.fetch(url, { kind: 'image' }))).toBe(words(url));
    }
    expect(asked).toEqual([]);
    answer = (_, response) => response.writeHead(404).end('no');
    expect(await messageOf(fetches.fetch(here('/gone'), inside))).toBe(words(here('/gone')));
    answer = (request) => request.socket.destroy();
    expect(await messageOf(fetches.fetch(here('/cut'), inside))).toBe(words(here('/cut')));
  });

  test('keeps credentials and query out of the error', async () => {
    expect(await messageOf(make().fetch('http://user:pw@example.com/a.png?sig=secret#x', { kind: 'image' }))).toBe(
      'Unable to fetch image from URL. url=http://example.com/a.png',
    );
  });

  test('is not an image because a server says so', async () => {
    answer = (_, response) => response.setHeader('content-type', 'image/png').end('<html>inner page</html>');
    expect(await messageOf(make().fetch(here('/a'), inside))).toContain('Unable to fetch image');
  });

  test('may be any file when a file is wanted', async () => {
    answer = (_, response) => response.setHeader('content-type', 'text/csv; charset=utf-8').end('a,b');
    expect(await make().fetch(here('/a'), { kind: 'file', allowPrivate: true })).toEqual({
      mediaType: 'text/csv',
      data: Buffer.from('a,b'),
    });
  });
});

describe('redirects', () => {
  const to = (location: string) => (_: IncomingMessage, response: ServerResponse) => response.writeHead(302, { location }).end();

  test('are followed up to three times', async () => {
    answer = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end(PNG);
      else to(`/${left - 1}`)(request, response);
    };
    expect((await make().fetch(here('/3'), inside)).mediaType).toBe('image/png');
    expect(await messageOf(make().fetch(here('/4'), inside))).toContain('Unable to fetch image');
    expect(asked).toHaveLength(8);
  });

  test('to an address that must not be called are not', async () => {
    for (const target of ['http://169.254.169.254/latest', 'http://supervisor/core', 'file:///etc/passwd', 'http://[fe80::1]/']) {
      answer = to(target);
      expect({ target, message: await messageOf(make().fetch(here('/a'), inside)) }).toEqual({
        target,
        message: expect.stringContaining('Unable to fetch image') as string,
      });
    }
  });

  test('are judged with the same strictness at every hop', async () => {
    // The first hop is a public name; the policy of requests still refuses where it leads.
    const open = new EgressPolicy({
      resolve: async (name) => [{ address: name === 'start.example' ? '93.184.216.34' : '127.0.0.1', family: 4 }],
      ownPorts: () => [],
      ownHosts: () => [],
    });
    expect(() => open.checkUrl(here('/a'), 'request')).toThrow('inside the network');
  });
});

describe('limits', () => {
  test('a declared size and a real size over the limit are refused', async () => {
    answer = (_, response) => response.end(Buffer.concat([PNG, Buffer.alloc(2_000_000)]));
    expect(await messageOf(make(1_048_576).fetch(here('/a'), inside))).toBe('Unable to fetch image from URL: it is larger than 1 MB.');
    answer = (_, response) => {
      response.write(PNG);
      response.end(Buffer.alloc(2_000_000));
    };
    expect(await messageOf(make(1_048_576).fetch(here('/a'), inside))).toBe('Unable to fetch image from URL: it is larger than 1 MB.');
  });

  test('a server that is silent or drips is left after the time limit', async () => {
    answer = () => undefined;
    expect(await messageOf(make(1000, 60).fetch(here('/a'), inside))).toContain('Unable to fetch image');
    answer = (_, response) => response.write(PNG);
    expect(await messageOf(make(1000, 60).fetch(here('/a'), inside))).toContain('Unable to fetch image');
  });

  test('a limit of 0 turns fetching off', async () => {
    expect(await messageOf(make(0).fetch(here('/a'), inside))).toContain('fetching is turned off');
    expect(asked).toEqual([]);
  });

  test('a caller who leaves ends the fetch with his own reason', async () => {
    answer = () => undefined;
    const gone = new AbortController();
    const fetching = make().fetch(here('/a'), { ...inside, signal: gone.signal });
    gone.abort(new Error('client left'));
    await expect(fetching).rejects.toThrow('client left');
  });
});

describe('data URLs', () => {
  test('are read without a call, and their type is corrected by the bytes', async () => {
    expect(await make(0).fetch(`data:image/jpg;base64,${PNG.toString('base64')}`, { kind: 'image' })).toEqual({
      mediaType: 'image/png',
      data: PNG,
    });
    expect(readDataUrl('data:image/jpg;base64,AAAA')?.mediaType).toBe('image/jpeg');
    expect(readDataUrl('data:text/plain,a%20b')).toEqual({ mediaType: 'text/plain', data: Buffer.from('a b') });
    expect(readDataUrl('data:;base64,AAAA')?.mediaType).toBe('application/octet-stream');
    expect(readDataUrl('data:text/plain;charset=utf-8;base64,QQ==')).toEqual({ mediaType: 'text/plain', data: Buffer.from('A') });
  });

  test.each(['https://x', 'data:image/png;base64,', 'data:text/plain,%', 'data:'])('%s is none', (url) => {
    expect(readDataUrl(url)).toBeNull();
  });
});

test.each([
  ['image/gif', Buffer.from('GIF89a')],
  ['image/webp', Buffer.from('RIFF\0\0\0\0WEBP')],
  ['image/heic', Buffer.from('\0\0\0\x18ftypheic')],
  ['application/pdf', Buffer.from('%PDF-1.7')],
  ['audio/wav', Buffer.from('RIFF\0\0\0\0WAVE')],
  ['audio/mpeg', Buffer.from([0xff, 0xfb, 0x90])],
  ['video/mp4', Buffer.from('\0\0\0\x18ftypisom')],
  [null, Buffer.from('hello')],
])('bytes of %s are known', (type, data) => {
  expect(sniffMediaType(data)).toBe(type);
});

test('what the bytes do not tell is taken from what was said, if that says anything', () => {
  expect(mediaTypeOf(Buffer.from('x'), 'Text/CSV; charset=x')).toBe('text/csv');
  expect(mediaTypeOf(Buffer.from('x'), 'application/octet-stream')).toBeNull();
});
