import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';

// The thread that counts starts when it is first asked.
vi.setConfig({ testTimeout: 60_000 });

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-x, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x, input_cost_per_token: 0.000003, output_cost_per_token: 0.000015, cache_read_input_token_cost: 0.0000003 } }
  - { model_name: vectors, litellm_params: { model: openai/text-embedding-3-small, api_base: "${provider.url}/v1", api_key: sk-x, input_cost_per_token: 0.000001 } }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** `"token " × n` is n tokens and one more in OpenAI's vocabularies, give or take the spaces at its ends. */
const words = (count: number): string => Array.from({ length: count }, () => 'token').join(' ');

function expectNear(value: unknown, wanted: number, part: number): void {
  expect(Number(value)).toBeGreaterThan(wanted * (1 - part));
  expect(Number(value)).toBeLessThan(wanted * (1 + part));
}

test('input is counted from what is said, not from the bytes of its JSON', async () => {
  provider.behaviour = json({
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: words(200) } }],
  });
  const noise = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x_unknown_member_${i}`, 'noise noise noise']));
  await (
    await gateway.call('POST', '/v1/chat/completions', { model: 'gpt', messages: [{ role: 'user', content: words(500) }], ...noise })
  ).text();
  const row = await lastRow(gateway);
  expectNear(row['prompt_tokens'], 503, 0.02);
  expectNear(row['completion_tokens'], 200, 0.02);
  expect(row['metadata']).toMatchObject({ usage_estimated: true });
});

test('an answer longer than what is kept of it is paid to its end', async () => {
  provider.behaviour = stream(
    streamedEvents(
      Array.from({ length: 100 }, (_, i) => ` ${i}. ${words(500)}`),
      null,
    ),
  );
  await (
    await gateway.call('POST', '/v1/chat/completions', { model: 'gpt', messages: [{ role: 'user', content: 'Hi' }], stream: true })
  ).text();
  // 50,000 words of five letters and a space: what is not kept is taken at four bytes a token.
  const row = await lastRow(gateway);
  expect(Number(row['completion_tokens'])).toBeGreaterThan(50_000);
  expect(Number(row['completion_tokens'])).toBeLessThan(85_000);
});

test('embeddings are counted from their texts and tokens', async () => {
  provider.behaviour = json({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.1] }], model: 'm' });
  await (
    await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: [words(100), words(50)], encoding_format: 'float' })
  ).text();
  expectNear((await lastRow(gateway))['prompt_tokens'], 150, 0.03);
  await (
    await gateway.call('POST', '/v1/embeddings', {
      model: 'vectors',
      input: [
        [1, 2, 3],
        [4, 5],
      ],
      encoding_format: 'float',
    })
  ).text();
  expect((await lastRow(gateway))['prompt_tokens']).toBe(5);
});

test('what Claude told of its input at the start stands when the client leaves: its cache is not paid at full price', async () => {
  const event = (type: string, members: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
  provider.behaviour = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      event('message_start', {
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'c',
          content: [],
          usage: { input_tokens: 10, cache_read_input_tokens: 100_000, output_tokens: 1 },
        },
      }),
    );
    response.write(
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: words(30) } }),
    );
  };
  const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}` },
  });
  request.end(JSON.stringify({ model: 'claude', messages: [{ role: 'user', content: 'Hi' }], stream: true }));
  const answer = await new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
  let text = '';
  answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => undefined);
  await expect.poll(() => text, { interval: 5 }).toContain('token');
  request.destroy();
  const row = await lastRow(gateway);
  expect(row).toMatchObject({ prompt_tokens: 100_010, cache_read_tokens: 100_000, status: 'success' });
  expect(row['metadata']).toMatchObject({ client_left: true, usage_estimated: true });
  const output = Number(row['completion_tokens']);
  expectNear(output, 30, 0.5);
  expect(Number(row['spend'])).toBeCloseTo(10 * 0.000003 + 100_000 * 0.0000003 + output * 0.000015, 12);
});
