import { afterAll, beforeAll, expect, test } from 'vitest';
import { billOf, lastRow, PRICE_LINES, startLocalHouse, type LocalHouse } from './gateway-over-llama.ts';

let house: LocalHouse;

beforeAll(async () => {
  house = await startLocalHouse(
    'embeddings',
    (url) => `
model_list:
  - { model_name: vectors, litellm_params: { model: hosted_vllm/tiny-embeddings, api_base: ${url}/v1 }, model_info: ${PRICE_LINES} }
router_settings: { num_retries: 0 }
`,
  );
});

afterAll(() => house.stop());

test('each text gets its 64 numbers through the official client, and the input tokens are booked', async () => {
  // The client asks for base64 and reads it back.
  const { data, usage, model } = await house.client.embeddings.create({ model: 'vectors', input: ['tea', 'water', 'tea'] });
  expect(model).toBe('vectors');
  expect(data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
    [0, 64],
    [1, 64],
    [2, 64],
  ]);
  expect(distance(data[0]?.embedding, data[2]?.embedding)).toBeLessThan(1e-5);
  expect(distance(data[0]?.embedding, data[1]?.embedding)).toBeGreaterThan(0.1);
  expect(await lastRow(house.gateway)).toMatchObject({
    call_type: 'aembedding',
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: 0,
    spend: billOf({ input: usage.prompt_tokens, cached: 0, output: 0 }),
  });
});

test('numbers are numbers when no base64 was asked for', async () => {
  const answer = await house.client.embeddings.create({ model: 'vectors', input: 'tea', encoding_format: 'float' });
  expect(answer.data[0]?.embedding.every((number) => typeof number === 'number' && Number.isFinite(number))).toBe(true);
});

test("a text that is too long is told in the server's words, and costs nothing", async () => {
  const asking = house.client.embeddings.create({ model: 'vectors', input: 'word '.repeat(200) });
  await expect(asking).rejects.toThrow(/too large to process/);
  expect(await lastRow(house.gateway)).toMatchObject({ status: 'failure', spend: '0' });
});

function distance(a: readonly number[] = [], b: readonly number[] = []): number {
  return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
}
