import { BadRequestError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../drills/support/scale.ts';
import { ANSWER, busySlots, lastRow, PRICE_LINES, startLocalHouse, type LocalHouse } from './gateway-over-llama.ts';

let house: LocalHouse;

beforeAll(async () => {
  house = await startLocalHouse(
    'chat',
    (url) => `
model_list:
  - { model_name: small, litellm_params: { model: openai/tiny, api_base: ${url}/v1, api_key: none }, model_info: ${PRICE_LINES} }
  - { model_name: caught, litellm_params: { model: openai/tiny, api_base: ${url}/v1, api_key: none }, model_info: ${PRICE_LINES} }
  - { model_name: roomy, litellm_params: { model: openai/roomy, mock_response: plenty of room }, model_info: ${PRICE_LINES} }
router_settings:
  context_window_fallbacks: [{ caught: [roomy] }]
`,
  );
});

afterAll(() => house.stop());

const ask = (content: string) => [{ role: 'user' as const, content }];
const TOO_LONG = ask('x'.repeat(9000));

describe('a prompt that is longer than the model reads', () => {
  test.each([false, true])('is a 400 context_length_exceeded that says both lengths (stream: %s)', async (stream) => {
    const failure = await house.client.chat.completions
      .create({ model: 'small', messages: TOO_LONG, stream })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadRequestError);
    const { status, code, message } = failure as BadRequestError;
    expect({ status, code }).toEqual({ status: 400, code: 'context_length_exceeded' });
    expect(message).toMatch(/ContextWindowExceededError.*90\d\d.*4096/s);
    expect(await lastRow(house.gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('goes to the group that the context fallback names', async () => {
    const { data, response } = await house.client.chat.completions.create({ model: 'caught', messages: TOO_LONG }).withResponse();
    expect(data.choices[0]?.message.content).toBe('plenty of room');
    expect(response.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(await lastRow(house.gateway)).toMatchObject({ status: 'success', model_group: 'roomy' });
  });

  test('leaves the server usable, and its deployment in use', async () => {
    const answer = await house.client.chat.completions.create({ model: 'small', messages: ask('hello') });
    expect(answer.choices[0]?.message.content).toBe(ANSWER);
  });
});

describe('a client that leaves', () => {
  test('ends the work of the server at once in a stream, and is billed for what was made until then', async () => {
    const stream = await house.client.chat.completions.create({ model: 'small', messages: ask('count'), stream: true });
    let seen = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) seen++;
      if (seen === 5) break;
    }
    const left = performance.now();
    await until('the server rests', async () => (await busySlots(house.llama)) === 0);
    // Left alone, it would count to the end of its context for seconds.
    expect(performance.now() - left).toBeLessThan(2000);
    const row = await settled(house);
    expect(row).toMatchObject({ status: 'success', metadata: { client_left: true, usage_estimated: true } });
    expect(Number(row['prompt_tokens'])).toBeGreaterThan(0);
    expect(Number(row['completion_tokens'])).toBeGreaterThanOrEqual(5);
    expect(Number(row['completion_tokens'])).toBeLessThan(4000);
    expect(Number(row['spend'])).toBeGreaterThan(0);
  });

  test('ends a plain call as well, and is billed for its prompt', async () => {
    const leaving = new AbortController();
    const asking = house.client.chat.completions.create(
      { model: 'small', messages: ask('count'), max_tokens: 1500 },
      { signal: leaving.signal },
    );
    asking.catch(() => undefined);
    await until('the server works', async () => (await busySlots(house.llama)) === 1);
    leaving.abort();
    await expect(asking).rejects.toThrow(/abort/i);
    // This server notices a client that leaves in streams alone; the gateway has hung up and waits for nothing.
    const left = performance.now();
    const row = await settled(house);
    expect(performance.now() - left).toBeLessThan(2000);
    expect(row).toMatchObject({ status: 'success', completion_tokens: 0, metadata: { client_left: true } });
    expect(Number(row['spend'])).toBeGreaterThan(0);
  });

  test('does not put the deployment to rest', async () => {
    const answer = await house.client.chat.completions.create({ model: 'small', messages: ask('hello') });
    expect(answer.choices[0]?.message.content).toBe(ANSWER);
  });
});

/** The row of the last call, once all calls are booked. */
async function settled({ gateway }: LocalHouse): Promise<Record<string, unknown>> {
  await until('every call is booked', () => gateway.parts.ledger.openCalls === 0);
  return lastRow(gateway);
}
