import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSurface, type Surface } from './hostile-gateway.ts';
import { startGateway } from '../support/gateway.ts';

/** What a caller can make the gateway call: nothing inside the house (SSRF), and never with a provider's key. */
let surface: Surface;
let key: string;
/** Stands where nobody may be sent; counts who came. */
let inside: Server;
let visits = 0;
let insidePort: number;

beforeAll(async () => {
  surface = await startSurface();
  key = await surface.gateway.key();
  inside = createServer((_request, response) => {
    visits++;
    response.writeHead(200, { 'content-type': 'image/png' });
    response.end(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
  });
  await new Promise<void>((resolve) => {
    inside.listen(0, '127.0.0.1', resolve);
  });
  insidePort = (inside.address() as AddressInfo).port;
});

afterEach(() => surface.expectUnharmed());

afterAll(async () => {
  await surface.stop();
  inside.closeAllConnections();
  inside.close();
});

/** Ways to name a place inside: loopback, private, link-local, metadata, carriers, tunnels, and their odd spellings. */
function insideUrls(): string[] {
  const hosts = [
    '127.0.0.1', '127.1', '0177.0.0.1', '0x7f.0.0.1', '0x7f000001', '2130706433', '017700000001', '127.0.0.1.', '127.000.000.001', '\uff11\uff12\uff17.\uff10.\uff10.\uff11', '127\u30020\u30020\u30021', '0', '0.0.0.0', '[::]',
    'localhost', 'LOCALHOST', 'localhost.', 'sub.localhost', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001::7f00:1]', '[fe80::1]', '[fe80::1%25lo]', '[fec0::1]', '[fd00::1]', '[ff02::1]',
    '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '2852039166', '0xa9fea9fe', 'metadata.google.internal', '[fd00:ec2::254]', '100.100.100.200', '168.63.129.16',
    'supervisor', 'hassio', '172.30.32.2', 'core-mosquitto', 'printer.local', 'nas.lan', 'x.internal', '255.255.255.255', '224.0.0.1', '192.0.0.1', '198.18.0.1',
  ]; // prettier-ignore
  return [
    ...hosts.map((host) => `http://${host}:${insidePort}/a.png`),
    `http://user:word@127.0.0.1:${insidePort}/a.png`,
    `http://example.org@127.0.0.1:${insidePort}/a.png`,
    `http://127.0.0.1:${insidePort}\\@example.org/a.png`,
    `HTTP://127.0.0.1:${insidePort}/a.png`,
    ` http://127.0.0.1:${insidePort}/a.png`,
    `http:127.0.0.1:${insidePort}/a.png`,
    'file:///etc/passwd',
    'ftp://127.0.0.1/a',
    'gopher://127.0.0.1:25/x',
    `${surface.gateway.url}/health/liveness`,
  ];
}

const parts = {
  image: (url: string) => ({ type: 'image_url', image_url: { url } }),
  'bare image': (url: string) => ({ type: 'image_url', image_url: url }),
  file: (url: string) => ({ type: 'file', file: { file_id: url, filename: 'a.pdf' } }),
  'file data': (url: string) => ({ type: 'file', file: { file_data: url, filename: 'a.pdf' } }),
  audio: (url: string) => ({ type: 'input_audio', input_audio: { data: url, format: 'wav' } }),
} as const;

test('an address inside the house is never fetched for a caller, however it is spelled', async () => {
  for (const url of insideUrls()) {
    for (const [model, kind] of [
      ['llama', 'image'],
      ['claude', 'image'],
      ['llama', 'bare image'],
      ['claude', 'file'],
    ] as const) {
      const answer = await surface.gateway.call(
        'POST',
        '/v1/chat/completions',
        { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'Look' }, parts[kind](url)] }] },
        key,
      );
      const text = await answer.text();
      surface.judge(answer.status, text, `${model} ${kind} ${url}`);
      expect(visits, `${model} ${kind} ${url}`).toBe(0);
      // Anthropic fetches plain https addresses itself; these are not such.
      const mayPass = model === 'claude' || kind !== 'image';
      expect(mayPass || answer.status === 400, `${url}: ${text}`).toBe(true);
    }
  }
});

test('the same address is fetched where its owner allows that, so the refusals above are no accident', async () => {
  const gateway = await startGateway(`
model_list:
  - model_name: llama
    litellm_params: { model: ollama_chat/llama3.2, api_base: ${surface.provider.url}, allow_private_image_urls: true }
`);
  try {
    const answer = await gateway.call('POST', '/v1/chat/completions', {
      model: 'llama',
      messages: [{ role: 'user', content: [parts.image(`http://127.0.0.1:${insidePort}/a.png`)] }],
    });
    expect(answer.status, await answer.text()).toBe(200);
    expect(visits).toBe(1);
  } finally {
    visits = 0;
    await gateway.stop();
  }
});

test('a refusal says nothing of what is at an address: there or not, all read the same', async () => {
  const messages = new Set<string>();
  for (const url of [
    `http://127.0.0.1:${insidePort}/a.png`,
    'http://127.0.0.1:1/a.png',
    'http://169.254.169.254/a.png',
    'http://supervisor/a.png',
    'http://10.255.255.1/a.png',
  ]) {
    const answer = await surface.gateway.call(
      'POST',
      '/v1/chat/completions',
      { model: 'llama', messages: [{ role: 'user', content: [parts.image(url)] }] },
      key,
    );
    messages.add(((await answer.json()) as { error: { message: string } }).error.message.replace(url, '<url>'));
  }
  expect([...messages]).toHaveLength(1);
});

test('a caller cannot say where a model is, or with which key it is called', async () => {
  const evil = `http://127.0.0.1:${insidePort}`;
  for (const name of ['api_base', 'base_url', 'api_key', 'api_version']) {
    const answer = await surface.gateway.call('POST', '/v1/chat/completions', { model: 'fast', messages: [], [name]: evil }, key);
    expect(answer.status, name).toBe(400);
    expect(((await answer.json()) as { error: { param: string } }).error.param).toBe(name);
  }
  const elsewhere = { api_base: evil, base_url: evil, api_key: 'x', organization: 'x', litellm_params: { api_base: evil } };
  for (const more of [
    { extra_body: elsewhere },
    { litellm_params: elsewhere },
    { fallbacks: [{ model: 'fast', ...elsewhere }] },
    { litellm_metadata: elsewhere },
    { model_list: [{ model_name: 'fast', litellm_params: elsewhere }] },
    { custom_llm_provider: 'openai', host: evil },
  ]) {
    const answer = await surface.gateway.call(
      'POST',
      '/v1/chat/completions',
      { model: 'fast', messages: [{ role: 'user', content: 'Hi' }], ...more },
      key,
      { 'x-api-base': evil, 'x-pass-host': 'elsewhere.example' },
    );
    surface.judge(answer.status, await answer.text(), JSON.stringify(more));
  }
  expect(visits).toBe(0);
  for (const { headers } of surface.provider.seen) expect(headers.host).toBe(new URL(surface.provider.url).host);
});

test('a provider that an owner names may be inside the house, but is never metadata, the Supervisor or the gateway itself', async () => {
  const refused = [
    'http://169.254.169.254/v1',
    'http://[fd00:ec2::254]/v1',
    'http://metadata.google.internal/v1',
    'http://supervisor/core',
    'http://172.30.32.2/v1',
    'http://[fe80::1]:11434/v1',
    'http://0xa9fea9fe/v1',
    'http://127.0.0.1:4123/v1',
    'http://localhost:4123/v1',
    'http://[::1]:4123/v1',
  ];
  const rows = refused
    .map((base, index) => `  - model_name: refused-${index}\n    litellm_params: { model: openai/x, api_base: '${base}', api_key: x }\n`)
    .join('');
  const gateway = await startGateway('model_list: []\n');
  try {
    // The port is known once it listens; a reload is judged against it.
    const own = gateway.parts.server.port;
    await gateway.configure(
      `model_list:\n${rows.replaceAll('4123', String(own))}  - model_name: here\n    litellm_params: { model: openai/x, api_base: 'http://192.168.1.20:8080/v1', api_key: x }\n  - model_name: same-machine\n    litellm_params: { model: ollama_chat/x, api_base: 'http://127.0.0.1:11434' }\n`,
    );
    await expect
      .poll(
        async () =>
          ((await (await gateway.call('GET', '/v1/models')).json()) as { data: { id: string }[] }).data.map(({ id }) => id).toSorted(),
        { timeout: 10_000 },
      )
      .toEqual(['here', 'same-machine']);
    for (let index = 0; index < refused.length; index++)
      expect(
        gateway.log.some((line) => line.includes(`refused-${index} is left out: api_base is refused`)),
        refused[index],
      ).toBe(true);
  } finally {
    await gateway.stop();
  }
});
