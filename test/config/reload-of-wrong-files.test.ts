import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../drills/support/scale.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let file = '';

const row = (name: string): string =>
  `model_list:\n  - { model_name: ${name}, litellm_params: { model: openai/x, mock_response: hello from ${name} } }\n`;

beforeAll(async () => {
  gateway = await startGateway(row('first'));
  file = join(gateway.directory, 'litellm_config.yaml');
});

afterAll(() => gateway.stop());

/** Resolves when the log has a new line of this form. */
async function says(form: RegExp, change: () => Promise<void>): Promise<void> {
  const from = gateway.log.length;
  await change();
  await until(`the log says ${form}`, () => gateway.log.slice(from).some((line) => form.test(line)));
}

async function answers(model: string): Promise<unknown> {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] });
  return answer.ok ? ((await answer.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content : answer.status;
}

test.each([
  [
    'a value of a wrong kind',
    `${row('second')}router_settings:\n  num_retries: often\n`,
    /litellm_config\.yaml:4:3: router_settings\.num_retries: must be a whole number/,
  ],
  ['a quote that never ends', 'model_list:\n  - model_name: "second\n', /litellm_config\.yaml:\d+:\d+: \S/],
])('a file with %s is told by file, line and key, and what runs goes on', async (_, text, form) => {
  await says(form, () => gateway.configure(text));
  expect(gateway.log.at(-1)).toMatch(/The configuration has changed and cannot be used; the one before goes on$/m);
  expect(await answers('first')).toBe('hello from first');
  expect(await answers('second')).toBe(400);
});

test('a file that becomes empty, or is gone, keeps what runs and says so; the next good one acts', async () => {
  await says(/litellm_config\.yaml: is empty; the configuration that was read before goes on$/m, () => gateway.configure('# nothing\n'));
  expect(await answers('first')).toBe('hello from first');
  await says(/litellm_config\.yaml: is gone; the configuration that was read before goes on$/m, () => rm(file));
  expect(await answers('first')).toBe('hello from first');
  await says(/Configuration reloaded: 1 models$/m, () => gateway.configure(row('second')));
  expect(await answers('second')).toBe('hello from second');
  expect(await answers('first')).toBe(400);
});

test('a row that cannot serve is left out and named; the others are taken', async () => {
  await says(/Configuration reloaded: 2 models$/m, () =>
    gateway.configure(`${row('third')}  - { model_name: broken, litellm_params: { api_key: k } }\n`),
  );
  expect(gateway.log.filter((line) => line.includes('model_list[1]'))).toEqual([expect.stringContaining(`${file}:3:5: model_list[1]`)]);
  expect(await answers('third')).toBe('hello from third');
});
