import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startLlamaServer, type LlamaServer } from '../real/llama-server.ts';
import { FakeProvider } from '../support/fake-provider.ts';
import { delta, ending } from './playground-provider.ts';
import { startPanel, type RealPanel } from './support/real-panel.ts';

vi.setConfig({ testTimeout: 120_000 });

let panel: RealPanel;
let provider: FakeProvider;
let llama: LlamaServer;

beforeAll(async () => {
  provider = await FakeProvider.start();
  llama = await startLlamaServer({ kind: 'chat' });
  panel = await startPanel(`
model_list:
  - { model_name: long, litellm_params: { model: openai/long, api_key: sk-a, api_base: ${provider.url}/v1 } }
  - { model_name: tiny, litellm_params: { model: llamacpp/tiny, api_base: ${llama.url}/v1, input_cost_per_token: 0, output_cost_per_token: 0 } }
general_settings: { proxy_batch_write_at: 1 }
`);
}, 240_000);

afterAll(async () => {
  await panel?.stop();
  await llama?.stop();
  await provider?.stop();
});

async function open(model: string): Promise<Page> {
  const page = await panel.open({ path: `playground?model=${model}` });
  page.setDefaultTimeout(30_000);
  await page.getByRole('button', { name: new RegExp(`^Model: ${model}`) }).waitFor();
  return page;
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Ask something' }).fill(text);
  await page.keyboard.press('Enter');
}

test('a real llama.cpp server answers, streamed, and its tokens are what was booked', async () => {
  const page = await open('tiny');
  await ask(page, 'Is the kettle on?');
  await page.getByText('The kettle is on').first().waitFor();
  await page.getByText('Free', { exact: true }).first().waitFor();
  await expect.poll(async () => (await panel.gateway.rows()).length).toBe(1);
  const [row] = await panel.gateway.rows();
  const { prompt_tokens: input, completion_tokens: output } = row as { prompt_tokens: number; completion_tokens: number };
  await page.getByText(`${input} in, ${output} out`).first().waitFor();
  expect(row).toMatchObject({ status: 'success', model_group: 'tiny' });
  await page.getByRole('link', { name: 'Show call' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/ui/logs/${String(row?.['request_id'])}`);
});

const CHUNKS = 2000;

test('2,000 pieces stay smooth: what stands is not drawn again, and the page answers meanwhile', async () => {
  provider.behaviour = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let index = 0; index < CHUNKS; index += 1) {
      const end = index % 40 === 39 ? '.\n\n' : ' ';
      response.write(delta({ content: `**word** ${index}${end}` }));
      if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    response.end(ending('stop', { prompt_tokens: 10, completion_tokens: 6000, total_tokens: 6010 }));
  };
  const page = await open('long');
  await page.evaluate(() => {
    const seen = { tasks: [] as number[], touched: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
  await ask(page, 'Write a lot');
  await page.getByText('word 45').first().waitFor();
  await page.evaluate(() => {
    const deep = (root: Document | ShadowRoot): Element | null => {
      for (const element of root.querySelectorAll('*')) {
        if (element.localName === 'gw-markdown') return element;
        const inside = element.shadowRoot && deep(element.shadowRoot);
        if (inside) return inside;
      }
      return null;
    };
    const { seen } = window as unknown as { seen: { touched: number } };
    const first = deep(document)?.shadowRoot?.querySelector('p');
    if (!first) throw new Error('no paragraph');
    new MutationObserver((records) => (seen.touched += records.length)).observe(first, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await page
    .getByText(`word ${CHUNKS - 1}.`)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  const seen = await page.evaluate(() => (window as unknown as { seen: { tasks: number[]; touched: number } }).seen);
  expect(seen.touched, 'a paragraph that stands is touched no more').toBe(0);
  // Frames are long on a busy machine; drawing everything again for each piece would take many times this.
  expect(seen.tasks.filter((ms) => ms > 2000)).toEqual([]);
  expect(await page.locator('gw-markdown p').count()).toBe(CHUNKS / 40);
  await page.getByText('10 in, 6,000 out').first().waitFor();
});

test('an answer goes on while the reader is on another page, and is there when they come back', async () => {
  let finish: () => void = () => undefined;
  provider.behaviour = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(delta({ content: 'First sentence. ' }));
    await new Promise<void>((resolve) => (finish = resolve));
    response.write(delta({ content: 'Second sentence.' }));
    response.end(ending('stop', { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }));
  };
  const page = await open('long');
  await ask(page, 'Two sentences');
  const spoken = page.getByRole('log', { name: 'Answer as it comes' });
  await spoken.getByText('First sentence.').waitFor({ state: 'attached' });
  await page.getByRole('link', { name: 'Models' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor({ state: 'attached' });
  finish();
  await page.getByRole('link', { name: 'Playground' }).first().click();
  await page.getByText('First sentence. Second sentence.').first().waitFor();
});
