import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { stream } from '../support/fake-provider.ts';
import { ask, CANARY, field, PlaygroundHouse, USAGE } from './playground-house.ts';
import { Conversation, delta, ending } from './playground-provider.ts';
import { axeFindings } from './support/axe.ts';
import { screen } from './support/screen.ts';

vi.setConfig({ testTimeout: 90_000 });

let house: PlaygroundHouse;

beforeAll(async () => {
  house = await PlaygroundHouse.start();
}, 180_000);

beforeEach(() => house.clear());
afterAll(() => house?.stop());

test('an answer comes piece by piece, with its reasoning, and its figures move', async () => {
  const conversation = new Conversation();
  house.provider.behaviour = conversation.behaviour;
  const page = await house.open();
  await ask(page, 'What is missing for pancakes?');
  const answer = await conversation.call();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  answer.write(delta({ reasoning_content: 'Flour is there.' }));
  await page.getByText('Reasoning', { exact: true }).first().waitFor();
  answer.write(delta({ content: 'You still need:\n\n- Milk, about **300 ml**\n- Eggs, 3 of them\n\nI put both ' }));
  await page.getByRole('listitem').filter({ hasText: 'Milk, about 300 ml' }).waitFor();
  await page.getByText('so far').first().waitFor({ state: 'attached' });
  await screen(page, 'playground-streaming-light-1280');
  answer.write(delta({ content: 'on the list.' }));
  answer.end(ending('stop', USAGE));
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await page.getByText('1,842 × $0.25 + 532 × $2.00, per 1M tokens').waitFor();
  await page.getByText(/^Reasoned/).click();
  await page.getByText('Flour is there.').waitFor();
  expect(house.sent()).toMatchObject({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'What is missing for pancakes?' }],
    stream: true,
  });
});

test('Stop ends the answer, keeps what came, and the row says that the caller left', async () => {
  const conversation = new Conversation();
  house.provider.behaviour = conversation.behaviour;
  const page = await house.open();
  await ask(page, 'Count to a million');
  const answer = await conversation.call();
  const before = (await house.panel.gateway.rows()).length;
  answer.write(delta({ content: 'One. Two. ' }));
  await page.getByText('One. Two.').first().waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await conversation.seen[0]?.gone;
  await page.getByText('Stopped', { exact: true }).first().waitFor();
  expect(await field(page).evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(true);
  await expect.poll(async () => (await house.panel.gateway.rows()).length, { timeout: 8000 }).toBe(before + 1);
  const row = (await house.panel.gateway.rows()).at(-1);
  const shown = await house.panel.gateway.get(`/spend/logs/ui/${String(row?.['request_id'])}`);
  expect(shown.body).toMatchObject({ explanation: { marks: { client_left: true } } });
  expect(await axeFindings(page)).toEqual([]);
});

test('a tool is defined, called, and its result goes back', async () => {
  const conversation = new Conversation();
  house.provider.behaviour = conversation.behaviour;
  const page = await house.open();
  await page.getByText('Tools', { exact: true }).click();
  await page.getByRole('button', { name: 'Shopping list' }).click();
  await page.getByText('1 tool', { exact: true }).waitFor();
  await ask(page, 'Put milk and eggs on the list');
  const first = await conversation.call();
  expect(house.sent()['tools']).toMatchObject([{ function: { name: 'shopping_list_add' } }]);
  first.write(
    delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'shopping_list_add', arguments: '' } }] }),
  );
  const card = page.getByRole('region', { name: 'Tool call shopping_list_add' });
  await card.getByText('Writing arguments').waitFor();
  first.write(delta({ tool_calls: [{ index: 0, function: { arguments: '{"items": ["Milk",' } }] }));
  await card.getByText('{"items": ["Milk",').waitFor();
  first.write(delta({ tool_calls: [{ index: 0, function: { arguments: ' "Eggs"]}' } }] }));
  first.end(ending('tool_calls', { prompt_tokens: 80, completion_tokens: 20, total_tokens: 100 }));
  await card.getByText('Waiting for a result').waitFor();
  await card.getByRole('textbox', { name: 'Result' }).fill('{"added": 2}');
  expect(await axeFindings(page)).toEqual([]);
  await card.getByRole('button', { name: 'Send result' }).click();
  const second = await conversation.call();
  expect(house.sent().messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'shopping_list_add', arguments: '{"items": ["Milk", "Eggs"]}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: '{"added": 2}' },
  ]);
  second.write(delta({ content: 'Both are on the list.' }));
  second.end(ending('stop', { prompt_tokens: 110, completion_tokens: 6, total_tokens: 116 }));
  await card.getByText('Answered').waitFor();
  await page.getByText('Both are on the list.').first().waitFor();
  await page.getByText('2 answers, 216 tokens').waitFor();
});

test('two models answer one question, and only what is better is marked', async () => {
  const [left, right] = [new Conversation(), new Conversation()];
  house.provider.behaviour = left.behaviour;
  house.other.behaviour = right.behaviour;
  const page = await house.open();
  await page.getByRole('switch', { name: 'Compare' }).click();
  const columns = {
    assist: page.getByRole('region', { name: 'assist', exact: true }),
    sonnet: page.getByRole('region', { name: 'claude-sonnet', exact: true }),
  };
  const second = page.locator('.column').nth(1);
  await second.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('combobox', { name: 'Model: Search' }).fill('claude');
  await page.getByRole('option', { name: /claude-sonnet/ }).waitFor();
  await page.keyboard.press('Enter');
  await columns.sonnet.waitFor();
  await ask(page, 'Sum up our energy use this week');
  const [fast, slow] = [await left.call(), await right.call()];
  fast.write(delta({ content: '61 kWh used, 48 kWh of it from the roof.' }));
  fast.end(ending('stop', { prompt_tokens: 405, completion_tokens: 148, total_tokens: 553 }));
  await columns.assist.getByText('405 in, 148 out').first().waitFor();
  slow.write(delta({ content: 'We used 61 kWh this week.' }));
  slow.end(ending('stop', { prompt_tokens: 412, completion_tokens: 214, total_tokens: 626 }));
  await columns.assist.getByText('11 times less').waitFor();
  await columns.assist.getByText('Sooner').waitFor();
  expect(await columns.sonnet.getByText(/times less|Sooner|Less/).count()).toBe(0);
  await screen(page, 'playground-compare-light-1280');
  expect(await axeFindings(page)).toEqual([]);
});

test('an image reaches the provider as a part of the question, unless the model cannot see', async () => {
  house.provider.behaviour = stream([
    delta({ content: 'A red dot.' }),
    ending('stop', { prompt_tokens: 90, completion_tokens: 4, total_tokens: 94 }),
  ]);
  const page = await house.open();
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
  await page.locator('input[type=file]').setInputFiles({ name: 'fridge.png', mimeType: 'image/png', buffer: png });
  await page.getByText('fridge.png').waitFor();
  await page.getByText('70 byte').waitFor();
  await ask(page, 'What is this?');
  await page.getByText('A red dot.').first().waitFor();
  expect(house.sent().messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } },
      ],
    },
  ]);
  await page.getByRole('img', { name: 'Image fridge.png' }).waitFor();
  await page.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
  await page.getByText('notes.txt is no PNG, JPEG, WebP, or GIF.').waitFor();
  await page.getByRole('button', { name: /^Model: assist/ }).click();
  await page.getByRole('option', { name: /claude-sonnet/ }).click();
  await page.getByRole('button', { name: 'Add image' }).click();
  await page.getByText('claude-sonnet cannot see images. Choose a model that can.').waitFor();
});

test('what a model writes is text: no markup of it becomes a page, and links say where they lead', async () => {
  const written = `# Title\n\n${CANARY} <script>alert(1)</script>\n\n[bank](https://evil.example/x) [js](javascript:alert(1)) ![pic](https://evil.example/p.png)\n\n| a | b |\n|---|--:|\n| ${CANARY} | 2 |\n\n\`\`\`html\n${CANARY}\n\`\`\`\n`;
  house.provider.behaviour = stream([
    delta({ content: written }),
    ending('stop', { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 }),
  ]);
  const page = await house.open();
  await ask(page, `${CANARY}<script>alert(2)</script>`);
  await page.getByRole('link', { name: 'bank' }).waitFor();
  await page.getByRole('table').waitFor();
  expect(await page.getByText('(https://evil.example/x)', { exact: true }).isVisible()).toBe(true);
  expect(await page.getByText('js (javascript:alert(1))').count()).toBeGreaterThan(0);
  const links = await page.locator('gw-markdown a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links).toEqual(['https://evil.example/x', 'https://evil.example/p.png']);
  expect(await page.locator('gw-markdown img, gw-markdown script, gw-play-question img, gw-play-question script').count()).toBe(0);
  expect(await page.getByText(CANARY).count()).toBeGreaterThanOrEqual(4);
  await page.getByRole('button', { name: /^Model: assist/ }).click();
  await page.getByRole('option').filter({ hasText: CANARY }).click();
  await page.getByRole('button', { name: `Model: ${CANARY}` }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

test('the conversation outlives a change of pages and a reload, is edited, and is cleared with a way back', async () => {
  house.provider.behaviour = stream([
    delta({ content: 'First answer' }),
    ending('stop', { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }),
  ]);
  const page = await house.open();
  await ask(page, 'First question');
  await page.getByText('First answer').first().waitFor();
  await page.getByRole('link', { name: 'Usage' }).first().click();
  await page.getByRole('link', { name: 'Playground' }).first().click();
  await page.getByText('First question').waitFor();
  await page.reload();
  await page.getByText('First question').waitFor();
  await page.getByText('First answer').first().waitFor();
  house.provider.behaviour = stream([
    delta({ content: 'Second answer' }),
    ending('stop', { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }),
  ]);
  await page.getByRole('button', { name: 'Edit and send again' }).click();
  await page.getByRole('textbox', { name: 'Your question' }).fill('Other question');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Second answer').first().waitFor();
  expect(house.sent().messages).toEqual([{ role: 'user', content: 'Other question' }]);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('heading', { name: 'Ask a model' }).or(page.getByText('Ask a model')).first().waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Other question').waitFor();
});

test('settings go into the call, and a wrong one is marked and keeps the question', async () => {
  house.other.behaviour = stream([delta({ content: 'Ok' }), ending('stop', { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 })]);
  const page = await house.open({ model: 'claude-sonnet' });
  await page.getByText('System prompt', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Answer as a pirate');
  await page.getByRole('textbox', { name: 'Longest answer' }).fill('4,096');
  await page.getByRole('textbox', { name: 'Temperature' }).fill('3');
  await page.getByText('This must be a number from 0 to 2.').waitFor();
  await field(page).fill('Hello');
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Temperature' }).fill('0.5');
  await field(page).press('Enter');
  await page.getByText('Ok', { exact: true }).first().waitFor();
  expect(house.sent(house.other)).toMatchObject({
    temperature: 0.5,
    messages: [{ role: 'system', content: 'Answer as a pirate' }, { role: 'user' }],
  });
  expect(house.sent(house.other)['max_tokens']).toBe(4096);
  await page.getByRole('button', { name: 'Copy as code' }).click();
  const dialog = page.locator('gw-dialog[open]');
  await dialog.getByText(`${house.panel.gateway.url}/v1/chat/completions`).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Python' }).click();
  await dialog.getByText('api_key="YOUR_KEY"').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('who may only look is told so', async () => {
  await house.panel.gateway.post('/user/new', { user_id: 'viewer', user_role: 'internal_user_viewer', auto_create_key: false });
  const page = await house.panel.open({ path: 'playground', user: 'viewer' });
  await page.getByRole('heading', { name: 'You can look, but not call models' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});
