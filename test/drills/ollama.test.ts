import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureOllama, startOllama, type OllamaServer } from '../../scripts/local-model/ollama.ts';
import { freePort } from '../real/free-port.ts';
import { ANSWER, billOf, lastRow, PRICE_LINES } from '../real/gateway-over-llama.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** Ollama is compiled from its source, which takes Go and minutes: in the long drill alone. */
describe.runIf(process.env['DRILL'] === 'long')('a gateway before the real Ollama', () => {
  let ollama: OllamaServer;
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    ollama = await startOllama(await ensureOllama((line) => process.stderr.write(`${line}\n`)), await freePort());
    gateway = await startGateway(`
model_list:
  - { model_name: ollama_chat, litellm_params: { model: ollama_chat/tiny-chat, api_base: ${ollama.url} }, model_info: ${PRICE_LINES} }
  - { model_name: ollama, litellm_params: { model: ollama/tiny-chat, api_base: ${ollama.url} }, model_info: ${PRICE_LINES} }
  - { model_name: openai, litellm_params: { model: openai/tiny-chat, api_base: ${ollama.url}/v1, api_key: none }, model_info: ${PRICE_LINES} }
  - { model_name: vectors, litellm_params: { model: ollama/tiny-embeddings, api_base: ${ollama.url} }, model_info: ${PRICE_LINES} }
  - { model_name: absent, litellm_params: { model: ollama_chat/nobody-pulled-it, api_base: ${ollama.url} } }
router_settings: { num_retries: 0 }
`);
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
  }, 1_800_000);

  afterAll(async () => {
    await gateway?.stop();
    await ollama?.stop();
  });

  const ask = (content: string) => [{ role: 'user' as const, content }];
  const WEATHER = {
    type: 'function' as const,
    function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  };

  describe.each(['ollama_chat', 'ollama', 'openai'])('by the prefix %s', (model) => {
    test('answers, and books the tokens that Ollama counted to the last digit', async () => {
      const { choices, usage } = await client.chat.completions.create({ model, messages: ask('hello') });
      expect(choices).toMatchObject([{ finish_reason: 'stop', message: { content: ANSWER } }]);
      const [input, output] = [usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0];
      expect(output).toBe(11);
      expect(await lastRow(gateway)).toMatchObject({
        prompt_tokens: input,
        completion_tokens: output,
        spend: billOf({ input, cached: 0, output }),
        status: 'success',
      });
    });

    test('streams the same, the split emoji whole', async () => {
      const pieces: string[] = [];
      for await (const { choices } of await client.chat.completions.create({ model, messages: ask('hello'), stream: true }))
        pieces.push(choices[0]?.delta.content ?? '');
      expect(pieces.join('')).toBe(ANSWER);
      expect(pieces.filter(Boolean).length).toBeGreaterThan(4);
    });

    test.each([false, true])('calls a tool whose arguments parse (stream: %s)', async (stream) => {
      const body = { model, messages: ask('the weather?'), tools: [WEATHER] };
      const { choices } = stream
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
      const [call] = choices[0]?.message.tool_calls ?? [];
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      expect(call?.type === 'function' && [call.function.name, JSON.parse(call.function.arguments)]).toEqual([
        'get_weather',
        { city: 'Rome' },
      ]);
    });

    test('is billed for what was made when the client leaves a stream', async () => {
      let seen = 0;
      for await (const { choices } of await client.chat.completions.create({ model, messages: ask('count'), stream: true })) {
        if (choices[0]?.delta.content) seen++;
        if (seen === 5) break;
      }
      await expect.poll(() => gateway.parts.ledger.openCalls, { timeout: 10_000 }).toBe(0);
      expect(await lastRow(gateway)).toMatchObject({ status: 'success', metadata: { client_left: true } });
    });
  });

  test('an answer keeps to a JSON schema', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' }, ripe: { type: 'boolean' } }, required: ['name', 'ripe'] };
    const { choices } = await client.chat.completions.create({
      model: 'ollama_chat',
      messages: ask('a fruit'),
      // A model that can think is held to a schema only once its thoughts have ended, and this one has none here.
      reasoning_effort: 'none',
      response_format: { type: 'json_schema', json_schema: { name: 'fruit', schema } },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ name: expect.any(String), ripe: expect.any(Boolean) });
  });

  test('embeddings are 64 numbers a text', async () => {
    const { data, usage } = await client.embeddings.create({ model: 'vectors', input: ['tea', 'water'] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
    expect(await lastRow(gateway)).toMatchObject({
      prompt_tokens: usage.prompt_tokens,
      spend: billOf({ input: usage.prompt_tokens, cached: 0, output: 0 }),
    });
  });

  test('a model that nobody pulled is a 404', async () => {
    await expect(client.chat.completions.create({ model: 'absent', messages: ask('hello') })).rejects.toMatchObject({ status: 404 });
  });
});
