import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { expectNothingLeft } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;
/** A web server with pictures. */
let pictures: Server;
let picturesUrl: string;
let fetched: string[];

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');

beforeAll(async () => {
  provider = await FakeProvider.start(wire('ollama/text'));
  pictures = createServer((request, response) => {
    fetched.push(request.url ?? '');
    if (request.url === '/pixel.png') response.writeHead(200, { 'content-type': 'text/plain' }).end(PIXEL);
    else if (request.url === '/page.png') response.writeHead(200, { 'content-type': 'image/png' }).end('<html>no picture</html>');
    else if (request.url === '/to-metadata') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(pictures, 'listening');
  picturesUrl = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`;
  gateway = await startGateway(`model_list:
  - { model_name: home, litellm_params: { model: ollama_chat/qwen3:8b, api_base: "${provider.url}", api_key: sk-x, allow_private_image_urls: true } }
  - { model_name: google, litellm_params: { model: gemini/gemini-2.5-flash, api_base: "${provider.url}", api_key: x, allow_private_image_urls: true } }
  - { model_name: strict, litellm_params: { model: ollama_chat/qwen3:8b, api_base: "${provider.url}", api_key: sk-x } }
  - { model_name: openai, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x } }
router_settings: { num_retries: 2 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  pictures.close();
});

beforeEach(() => {
  fetched = [];
  provider.seen.length = 0;
  provider.behaviour = wire('ollama/text');
});

function show(model: string, url: string): Promise<Response> {
  return gateway.call('POST', '/v1/chat/completions', {
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });
}

const chats = (): unknown[] => provider.seen.filter(({ path }) => path === '/api/chat');

describe('an image by its address', () => {
  test('is fetched for Ollama, and its bytes are sent', async () => {
    expect((await show('home', `${picturesUrl}/pixel.png`)).status).toBe(200);
    expect(provider.last.json['messages']).toMatchObject([{ role: 'user', content: 'What is this?', images: [PIXEL.toString('base64')] }]);
    expect(fetched).toEqual(['/pixel.png']);
  });

  test('is fetched for Google too, unless it reads the address itself', async () => {
    provider.behaviour = wire('gemini/text');
    const sent = (): unknown => (provider.last.json['contents'] as { parts: unknown[] }[])[0]?.parts[1];
    await show('google', `${picturesUrl}/pixel.png`);
    expect(sent()).toEqual({ inlineData: { mimeType: 'image/png', data: PIXEL.toString('base64') } });
    expect(fetched).toEqual(['/pixel.png']);
    await show('google', 'https://youtu.be/abc');
    expect(sent()).toEqual({ fileData: { fileUri: 'https://youtu.be/abc' } });
    expect(fetched).toEqual(['/pixel.png']);
  });

  test('stays an address for providers that fetch themselves', async () => {
    provider.behaviour = wire('openai/text');
    await show('openai', 'https://example.com/cat.jpg');
    expect(provider.last.body.toString()).toContain('"url":"https://example.com/cat.jpg"');
    provider.behaviour = wire('anthropic/text');
    await show('claude', 'https://example.com/cat.jpg');
    expect(provider.last.json['messages']).toMatchObject([
      { content: [{ type: 'text' }, { type: 'image', source: { type: 'url', url: 'https://example.com/cat.jpg' } }] },
    ]);
    expect(fetched).toEqual([]);
  });

  test.each([
    ['of this house', () => `${picturesUrl}/pixel.png`],
    ['of this machine by name', () => picturesUrl.replace('127.0.0.1', 'localhost')],
    ['of the loopback in other notations', () => picturesUrl.replace('127.0.0.1', '2130706433')],
    ['of IPv6 loopback', () => 'http://[::1]/x.png'],
    ['of a mapped address', () => 'http://[::ffff:127.0.0.1]/x.png'],
    ['of the local network', () => 'http://192.168.1.1/x.png'],
    ['of carrier-grade NAT', () => 'http://100.64.0.1/x.png'],
    ['of NAT64', () => 'http://[64:ff9b::7f00:1]/x.png'],
    ['of a metadata service', () => 'http://169.254.169.254/latest/meta-data/'],
    ['of mDNS', () => 'http://camera.local/x.png'],
    ['of the Supervisor', () => 'http://supervisor/core/api'],
  ])('%s is refused for a group that may not, and nobody is asked', async (_name, url) => {
    const answer = await show('strict', url());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('Unable to fetch image from URL'), type: 'invalid_request_error' },
    });
    expect([fetched, chats()]).toEqual([[], []]);
    await expectNothingLeft(gateway);
  });

  test.each(['http://169.254.169.254/latest/meta-data/', 'http://supervisor/core/api'])(
    '%s is refused also where private ones are allowed',
    async (url) => {
      expect((await show('home', url)).status).toBe(400);
    },
  );

  test('of the gateway itself is refused, whatever is allowed', async () => {
    expect((await show('home', `${gateway.url}/health/liveliness`)).status).toBe(400);
    expect(chats()).toEqual([]);
  });

  test('that leads to a forbidden one is refused at the turn', async () => {
    expect((await show('home', `${picturesUrl}/to-metadata`)).status).toBe(400);
    expect(fetched).toEqual(['/to-metadata']);
  });

  test.each(['/page.png', '/missing.png'])('that is no image is 400, once (%s)', async (path) => {
    const answer = await show('home', picturesUrl + path);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('no picture');
    expect(fetched).toEqual([path]);
    expect(chats()).toEqual([]);
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/x.png', 'gopher://127.0.0.1:25/', 'nonsense'])(
    'with another scheme is refused (%s)',
    async (url) => {
      expect((await show('home', url)).status).toBe(400);
      expect(chats()).toEqual([]);
    },
  );
});
