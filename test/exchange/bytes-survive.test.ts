import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-x${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('plain')}${row('house', ', temperature: 0.3, user: from-config')}${row('no-usage', '')}`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const text =
  (body: string, type = 'application/json'): Behaviour =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': type }).end(body);

/** A body as a careful client might write it: odd spacing, escapes, numbers that doubles cannot hold. */
const MESSAGES =
  '[ {"role":"user" , "content":"Gr\\u00fc\\u00dfe \\ud83d\\ude00 / \\/ \\"x\\"\\n"},\n\t{"content":[{"text":"a","type":"text"}],"role":"user","x_big":12345678901234567890,"x_small":1.0e-400,"x_one":1.00} ]';

describe('towards a provider of the same dialect', () => {
  test('every byte of the request goes through, but for the name of the model', async () => {
    provider.behaviour = wire('openai/text');
    const body = `{"seed":  9007199254740993,"model":"plain","messages":${MESSAGES},"unknown_member":{"deep":[1,2.50,{"x":null}]}, "logit_bias" : {"50256":-100}}`;
    const answer = await gateway.call('POST', '/v1/chat/completions', body);
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(provider.last.body.toString('utf8')).toBe(body.replace('"plain"', '"gpt-4o"'));
  });

  test('members for the gateway are taken out, and nothing else is touched', async () => {
    provider.behaviour = wire('openai/text');
    const answer = await gateway.call(
      'POST',
      '/v1/chat/completions',
      `{"model":"plain","num_retries":0,"messages":${MESSAGES},"metadata":{"tags":["a"]},"tags":["b"],"cache":{"no-cache":true},"x":1.00}`,
    );
    expect(answer.status).toBe(200);
    const sent = provider.last.body.toString('utf8');
    expect(sent).toContain(`"messages":${MESSAGES}`);
    expect(sent).toContain('"x":1.00');
    expect(Object.keys(provider.last.json)).toEqual(['model', 'messages', 'x']);
  });

  test('defaults of the deployment hold where the client says nothing', async () => {
    provider.behaviour = wire('openai/text');
    await gateway.call('POST', '/v1/chat/completions', `{"model":"house","messages":${MESSAGES},"temperature":1.00}`);
    expect(provider.last.body.toString('utf8')).toContain(`"messages":${MESSAGES},"temperature":1.00`);
    expect(provider.last.json).toMatchObject({ temperature: 1, user: 'from-config' });
  });

  test('every byte of the answer comes back, but for the name of the model', async () => {
    const body =
      '{ "id":"x", "object":"chat.completion","created":1730000000 ,"model":"gpt-4o-2024","choices":[{"index":0,"finish_reason":"stop","logprobs":null,"message":{"role":"assistant","content":"Gr\\u00fc\\u00dfe","refusal":null,"x":12345678901234567890}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"extra":{"n":1.00}}';
    provider.behaviour = text(body);
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'plain', messages: [{ role: 'user', content: 'Hi' }] });
    expect(await answer.text()).toBe(body.replace('"gpt-4o-2024"', '"plain"'));
  });

  test('every byte of a stream comes back, but for the name of the model', async () => {
    const { stream } = wireCase('openai/logprobs');
    provider.behaviour = text(stream.toString('utf8'), 'text/event-stream');
    const answer = await gateway.call('POST', '/v1/chat/completions', {
      model: 'plain',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      logprobs: true,
      top_logprobs: 1,
      stream_options: { include_usage: true },
    });
    expect(await answer.text()).toBe(stream.toString('utf8').replaceAll(/"model":"[^"]*"/g, '"model":"plain"'));
    expect(provider.last.json).toMatchObject({ logprobs: true, top_logprobs: 1 });
  });

  test('usage is asked for, for the bill, and stays behind when the client did not ask', async () => {
    provider.behaviour = wire('openai/text');
    const answer = await (
      await gateway.call('POST', '/v1/chat/completions', { model: 'plain', messages: [{ role: 'user', content: 'Hi' }], stream: true })
    ).text();
    expect(provider.last.json['stream_options']).toEqual({ include_usage: true });
    expect(answer).not.toContain('prompt_tokens');
    const usage = await (
      await gateway.call('POST', '/v1/chat/completions', {
        model: 'plain',
        messages: [{ role: 'user', content: 'Hi' }],
        stream: true,
        stream_options: { include_usage: false, include_obfuscation: false },
      })
    ).text();
    expect(provider.last.json['stream_options']).toEqual({ include_usage: true, include_obfuscation: false });
    expect(usage).not.toContain('prompt_tokens');
  });

  test('several answers to one call come back, whole and streamed', async () => {
    provider.behaviour = wire('openai/two-choices');
    const whole = (await (
      await gateway.call('POST', '/v1/chat/completions', { model: 'plain', messages: [{ role: 'user', content: 'Flip' }], n: 2 })
    ).json()) as { choices: { message: { content: string } }[] };
    expect(whole.choices.map(({ message }) => message.content)).toEqual(['Heads', 'Tails']);
    expect(provider.last.json['n']).toBe(2);
    const streamed = await (
      await gateway.call('POST', '/v1/chat/completions', {
        model: 'plain',
        messages: [{ role: 'user', content: 'Flip' }],
        n: 2,
        stream: true,
      })
    ).text();
    const choices = streamed
      .split('\n\n')
      .filter((event) => event.startsWith('data: {'))
      .flatMap(
        (event) =>
          (JSON.parse(event.slice(6)) as { choices: { index: number; delta: { content?: string }; finish_reason: string | null }[] })
            .choices,
      );
    expect(
      [0, 1].map((index) =>
        choices
          .filter((choice) => choice.index === index)
          .map(({ delta }) => delta.content ?? '')
          .join(''),
      ),
    ).toEqual(['Heads', 'Tails']);
    expect(choices.filter(({ finish_reason: reason }) => reason === 'stop')).toHaveLength(2);
  });

  test('`extra_body` is merged in, `extra_headers` and `x-pass-` go as headers, credentials never', async () => {
    provider.behaviour = wire('openai/text');
    await gateway.call(
      'POST',
      '/v1/chat/completions',
      {
        model: 'plain',
        messages: [{ role: 'user', content: 'Hi' }],
        extra_body: { top_k: 3 },
        extra_headers: { 'X-Custom': 'a', Authorization: 'Bearer stolen', Host: 'evil' },
      },
      gateway.masterKey,
      { 'x-pass-trace': 'b', 'x-secret': 'c' },
    );
    expect(provider.last.json).toMatchObject({ top_k: 3 });
    expect(provider.last.json).not.toHaveProperty('extra_body');
    expect(provider.last.headers).toMatchObject({ 'x-custom': 'a', trace: 'b', authorization: 'Bearer sk-x' });
    expect(provider.last.headers.host).toBe(new URL(provider.url).host);
    expect(provider.last.headers).not.toHaveProperty('x-secret');
  });
});

test.each(['application/json', 'text/plain', ''])('a body is JSON whatever its content type says (%s)', async (type) => {
  provider.behaviour = json(wireCase('openai/text').response);
  const answer = await gateway.call(
    'POST',
    '/v1/chat/completions',
    JSON.stringify({ model: 'plain', messages: [{ role: 'user', content: 'Hi' }] }),
    gateway.masterKey,
    { 'content-type': type },
  );
  expect(answer.status).toBe(200);
});
