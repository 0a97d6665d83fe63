import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hashOf } from '../../src/identity/key-hash.ts';
import { FakeProvider } from '../support/fake-provider.ts';
import { received } from '../gateway/audio/forms.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { Assistant, type Turn } from './lab/assist.ts';
import { ConfigFlows } from './lab/config-flow.ts';
import { Core, missingCore } from './lab/core.ts';
import { wordsNamed, wordsOnPages } from './lab/words.ts';

const missing = await missingCore();

const HOME = `
input_boolean:
  kitchen:
template:
  - light:
      - name: Kitchen light
        unique_id: kitchen_light
        state: "{{ is_state('input_boolean.kitchen', 'on') }}"
        turn_on: {action: input_boolean.turn_on, target: {entity_id: input_boolean.kitchen}}
        turn_off: {action: input_boolean.turn_off, target: {entity_id: input_boolean.kitchen}}
`;

/** What the key of Assist may use. */
const MODELS = ['house', 'claude', 'cellar', 'ears'];

const LIGHT = 'light.kitchen_light';
/** Tokens as the fixtures tell them, at 10 and 20 dollars for a million. */
const TOOL_CALL = {
  openai: { input: 1205, output: 24, spend: '0.01253' },
  anthropic: { input: 1310, output: 58, spend: '0.01426' },
  ollama: { input: 1260, output: 31, spend: '0.01322' },
} as const;

/** A busy machine is late. */
const PATIENCE_MS = 30_000;

/** Half a second of a tone. */
const SOUND = Buffer.from(Int16Array.from({ length: 8_000 }, (_, at) => Math.round(9_000 * Math.sin(at / 6))).buffer);

const LOGGER = 'homeassistant.components.litellm';
/** All that the integration says when a call is refused or nobody answers. */
const EXCUSE = 'Error talking to API';

const Choice = z.object({
  name: z.string(),
  selector: z.object({ select: z.object({ options: z.array(z.object({ value: z.string(), label: z.string() })) }) }),
});

const PAGES = ['addon/DOCS.md', 'docs/home-assistant.md'];

/** What a page says of Assist. */
async function sectionOf(page: string): Promise<{ readonly steps: readonly string[]; readonly words: readonly string[] }> {
  const text = await readFile(join(import.meta.dirname, '../..', page), 'utf8');
  const section = /^## Use it for Assist\n([^]*?)^## /m.exec(text)?.[1] ?? '';
  return {
    steps: section.match(/^\d\. [^]*?(?=\n\d\. |\n\n)/gm) ?? [],
    words: wordsNamed(section),
  };
}

describe.skipIf(missing !== null)('Core’s own integration `litellm`, pointed at the gateway', () => {
  let core: Core;
  let gateway: TestGateway;
  let provider: FakeProvider;
  let key = '';
  let entryId = '';
  let assistant: Assistant;
  let agent = '';

  beforeAll(async () => {
    provider = await FakeProvider.start();
    const priced = 'api_key: sk-provider, input_cost_per_token: 0.00001, output_cost_per_token: 0.00002';
    gateway = await startGateway(`
model_list:
  - {model_name: house, litellm_params: {model: openai/gpt-4o, api_base: ${provider.url}/v1, ${priced}}}
  - {model_name: claude, litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: ${provider.url}, ${priced}}}
  - {model_name: cellar, litellm_params: {model: ollama_chat/qwen3, api_base: ${provider.url}, ${priced}}}
  - {model_name: ears, litellm_params: {model: openai/whisper-1, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_second: 0.0001}}
  - {model_name: office, litellm_params: {model: openai/gpt-4o, api_base: ${provider.url}/v1, ${priced}}}
router_settings: {num_retries: 0, disable_cooldowns: true}
`);
    key = await gateway.key({ key_alias: 'Assist', models: MODELS });
    core = await Core.start({ configuration: HOME });
  }, 240_000);

  afterAll(async () => {
    await core?.stop();
    await gateway?.stop();
    await provider?.stop();
  }, 60_000);

  /** Adds a service on a model to the entry. @returns its entity */
  async function serviceOf(kind: 'conversation' | 'stt', model: string, settings: object): Promise<string> {
    const flows = new ConfigFlows(core.client.rest, 'subentries/flow');
    const { flow_id: flow } = await flows.start([entryId, kind]);
    await flows.submit(flow, { model, ...settings });
    await core.client.stateWhen(`${kind}.${model}`, ({ state }) => state !== 'unavailable', PATIENCE_MS);
    return `${kind}.${model}`;
  }

  const agentOf = (model: string): Promise<string> =>
    serviceOf('conversation', model, { prompt: 'You are the voice of this house.', llm_hass_api: ['assist'] });

  const entryState = async (): Promise<string | undefined> => (await core.client.entries('litellm'))[0]?.state;
  const reload = (): Promise<unknown> => core.client.rest.request('POST', `/api/config/config_entries/entry/${entryId}/reload`);
  const change = (settings: object): Promise<Response> => gateway.call('POST', '/key/update', { key, ...settings });
  /** What the integration wrote into Core's log as errors; a line comes a little after what it tells of. */
  const complaints = (): string[] =>
    core.log
      .troubles()
      .filter(({ logger }) => logger === LOGGER)
      .map(({ text }) => text);

  test('a wrong key, no key and a wrong address are refused in its own words', async () => {
    const flows = new ConfigFlows(core.client.rest);
    const first = await flows.start('litellm');
    expect(first.data_schema).toMatchObject([
      { name: 'url', required: true },
      { name: 'api_key', optional: true },
    ]);
    const refusalOf = async (input: object) => (await flows.submit(first.flow_id, { url: gateway.url, ...input })).errors;
    expect(await refusalOf({ api_key: 'sk-wrong-key-of-nobody' })).toEqual({ base: 'invalid_auth' });
    expect(await refusalOf({})).toEqual({ base: 'invalid_auth' });
    expect(await refusalOf({ api_key: key, url: 'http://127.0.0.1:1' })).toEqual({ base: 'cannot_connect' });
    await flows.cancel(first.flow_id);
  });

  test('a virtual key is accepted, and the address is the same with `/v1` and without', async () => {
    const flows = new ConfigFlows(core.client.rest);
    const first = await flows.start('litellm');
    expect(await flows.submit(first.flow_id, { url: gateway.url, api_key: key })).toMatchObject({ type: 'create_entry' });
    await expect.poll(entryState).toBe('loaded');
    entryId = (await core.client.entries('litellm'))[0]?.entry_id ?? '';
    const second = await flows.start('litellm');
    expect(await flows.submit(second.flow_id, { url: `${gateway.url}/v1`, api_key: key })).toMatchObject({
      type: 'abort',
      reason: 'already_configured',
    });
  });

  /** What the dialog of a new agent lets choose. */
  async function offered(): Promise<Record<string, readonly { readonly value: string; readonly label: string }[]>> {
    const flows = new ConfigFlows(core.client.rest, 'subentries/flow');
    const step = await flows.start([entryId, 'conversation']);
    await flows.cancel(step.flow_id);
    const choices = (step.data_schema ?? []).flatMap((field) => Choice.safeParse(field).data ?? []);
    return Object.fromEntries(choices.map(({ name, selector }) => [name, selector.select.options]));
  }

  test('the models that it offers are those of the key', async () => {
    const models = async (): Promise<string[] | undefined> => (await offered())['model']?.map(({ value }) => value);
    expect(await models()).toEqual(MODELS);
    await change({ models: ['house'] });
    expect(await models()).toEqual(['house']);
    await change({ models: MODELS });
  });

  test('the documentation has the same steps in both places, in words that people find on the pages', async () => {
    const [app, general] = await Promise.all(PAGES.map(sectionOf));
    expect(app?.steps).toHaveLength(6);
    expect(general?.steps).toEqual(app?.steps);
    const labels = Object.values(await offered()).flatMap((options) => options.map(({ label }) => label));
    const known = new Set([...(await wordsOnPages(core.client, 'litellm')), ...labels]);
    expect([...(app?.words ?? []), ...(general?.words ?? [])].filter((word) => !known.has(word))).toEqual([]);
  });

  describe.each([
    ['house', 'openai', 'Grüß Gott! 🌍 "How" can I\nhelp?'],
    ['claude', 'anthropic', 'Grüße aus Köln! 🌧️'],
    ['cellar', 'ollama', 'Light scatters — blue most 🌍.'],
  ] as const)('an assistant on the model %s, of a provider that speaks like %s', (model, dialect, words) => {
    let turn: Turn;

    test('has the model switch a light, and says its words', async () => {
      await core.client.act('light.turn_off', {}, { target: { entity_id: LIGHT } });
      agent = await agentOf(model);
      assistant = await Assistant.make(core.client, model, { agent });
      provider.seen.length = 0;
      provider.behaviour = inTurn(wire(`${dialect}/assist-turn-on`), wire(`${dialect}/text`));
      turn = await assistant.say('Turn on the light in the kitchen');
      expect([turn.speech, turn.kind]).toEqual([words, 'action_done']);
      expect((await core.client.state(LIGHT))?.state).toBe('on');
    });

    test('tells the model of the home and its tools, and afterwards what the tool did', () => {
      const [asked, told] = provider.seen.map(({ body }) => body.toString());
      for (const known of ['You are the voice of this house.', 'Kitchen light', '"intent__HassTurnOn"']) expect(asked).toContain(known);
      expect(told).toContain('action_done');
      expect(provider.seen).toHaveLength(2);
    });

    test('has two rows under the key and the conversation, the tool call with its tokens and what they cost', async () => {
      const rows = (await gateway.rows()).filter(({ model_group: group }) => group === model);
      const { input, output, spend } = TOOL_CALL[dialect];
      const whose = { api_key: hashOf(key), end_user: turn.conversationId, status: 'success' };
      expect(rows).toMatchObject([{ ...whose, prompt_tokens: input, completion_tokens: output, spend }, whose]);
    });

    test('goes on in the same conversation, and the model sees what it called', async () => {
      const { speech, conversationId } = await assistant.say('Thank you', turn.conversationId);
      expect([speech, conversationId]).toEqual([words, turn.conversationId]);
      expect(provider.last.body.toString()).toMatch(/intent__HassTurnOn.*action_done.*Thank you/s);
    });
  });

  test('the model knows what is exposed, and nothing else', async () => {
    const told = async (exposed: boolean): Promise<string> => {
      const fields = { assistants: ['conversation'], entity_ids: [LIGHT], should_expose: exposed };
      await core.client.socket.command('homeassistant/expose_entity', fields);
      await assistant.say('Hello');
      return provider.last.body.toString();
    };
    expect(await told(false)).not.toContain('Kitchen light');
    expect(await told(true)).toContain('Kitchen light');
  });

  describe('what is said aloud', () => {
    let listener: Assistant;

    test('is heard by a model of the gateway, and done', async () => {
      const hearing = await serviceOf('stt', 'ears', { custom_prompt_keywords: true, prompt: 'Rooms of a house', keywords: 'Küche, Flur' });
      listener = await Assistant.make(core.client, 'Ears', { agent: 'conversation.house', hearing });
      await core.client.act('light.turn_off', {}, { target: { entity_id: LIGHT } });
      provider.seen.length = 0;
      provider.behaviour = inTurn(wire('openai-audio/json'), wire('openai/assist-turn-on'), wire('openai/text'));
      expect(await listener.hear(SOUND)).toMatchObject({ heard: 'Schalte das Licht in der Küche ein.', turn: { kind: 'action_done' } });
      expect((await core.client.state(LIGHT))?.state).toBe('on');
    });

    test('reaches the provider with its language and hints, and its row says what the recording cost', async () => {
      const { file, fields } = await received(provider.seen[0] ?? provider.last);
      expect(Object.fromEntries(fields)).toMatchObject({ model: 'whisper-1', language: 'en', prompt: 'Rooms of a house' });
      expect(fields.filter(([name]) => name.startsWith('keywords')).map(([, value]) => value)).toEqual(['Küche', 'Flur']);
      expect(file.bytes.subarray(-SOUND.length)).toEqual(SOUND);
      const row = (await gateway.rows()).findLast(({ model_group: group }) => group === 'ears');
      expect(row).toMatchObject({ api_key: hashOf(key), status: 'success', call_type: 'atranscription', spend: '0.0003' });
    });

    test('is not understood when the budget is spent, which Core tells, and is once there is room', async () => {
      await change({ max_budget: 0.001 });
      const said = complaints().length;
      expect(await listener.hear(SOUND)).toEqual({ error: expect.stringMatching(/^stt-/) });
      await expect.poll(() => complaints().slice(said)).toEqual([expect.stringMatching(/^Error during STT: Error code: 422/)]);
      await change({ max_budget: null });
      provider.behaviour = inTurn(wire('openai-audio/json'), wire('openai/text'));
      expect(await listener.hear(SOUND)).toMatchObject({ turn: { kind: 'action_done' } });
    });
  });

  describe('when a call cannot be made', () => {
    beforeAll(() => {
      provider.behaviour = wire('ollama/text');
    });

    test.each([
      ['a budget that is spent', { max_budget: 0.001 }, { max_budget: null }, /Error code: 422 - .*Budget has been exceeded!/],
      ['a rate limit', { rpm_limit: 1 }, { rpm_limit: null }, /Error code: 429 - .*Rate limit exceeded/],
    ])('%s is an error that is spoken, is asked about once, and passes without a reload', async (_, limits, none, reason) => {
      await change(limits);
      const saidBefore = complaints().length;
      await expect.poll(() => assistant.say('Hello'), { timeout: PATIENCE_MS }).toMatchObject({ speech: EXCUSE, kind: 'error' });
      // Core speaks before it writes its log.
      await expect.poll(() => complaints().length).toBe(saidBefore + 1);
      const before = [provider.seen.length, (await gateway.rows()).length] as const;
      const said = complaints().length;
      await assistant.say('Hello');
      await expect.poll(() => complaints().slice(said)).toEqual([expect.stringMatching(reason)]);
      expect([provider.seen.length, (await gateway.rows()).length]).toEqual([before[0], before[1] + 1]);
      expect((await core.client.state(agent))?.state).not.toBe('unavailable');
      await change(none);
      expect(await assistant.say('Hello')).toMatchObject({ kind: 'action_done' });
    });

    test('a blocked key is an error, the agent becomes unavailable, and Home Assistant asks for another key', async () => {
      await gateway.call('POST', '/key/block', { key });
      expect(await assistant.say('Hello')).toMatchObject({ speech: EXCUSE, kind: 'error' });
      await core.client.stateWhen(agent, ({ state }) => state === 'unavailable', PATIENCE_MS);
      await expect.poll(complaints).toContainEqual(expect.stringMatching(/Error code: 401 - .*blocked/));
      await expect.poll(() => core.client.flowsInProgress('litellm')).toMatchObject([{ step_id: 'reauth_confirm' }]);
      const flow = (await core.client.flowsInProgress('litellm'))[0]?.flow_id ?? '';
      const flows = new ConfigFlows(core.client.rest);
      expect(await flows.submit(flow, { api_key: key })).toMatchObject({ errors: { base: 'invalid_auth' } });
      key = await gateway.key({ key_alias: 'Assist again', models: MODELS });
      expect(await flows.submit(flow, { api_key: key })).toMatchObject({ type: 'abort', reason: 'reauth_successful' });
      await core.client.stateWhen(agent, ({ state }) => state !== 'unavailable', PATIENCE_MS);
      expect(await assistant.say('Hello')).toMatchObject({ kind: 'action_done' });
      expect((await gateway.rows()).at(-1)).toMatchObject({ api_key: hashOf(key) });
    });

    test('a gateway that is stopped is an error, the agent becomes unavailable, and a reload heals it', async () => {
      await gateway.pause();
      expect(await assistant.say('Hello')).toMatchObject({ speech: EXCUSE, kind: 'error' });
      await core.client.stateWhen(agent, ({ state }) => state === 'unavailable', PATIENCE_MS);
      await expect.poll(complaints).toContainEqual(`${EXCUSE}: Connection error.`);
      await reload();
      expect(await core.client.entries('litellm')).toMatchObject([{ state: 'setup_retry', reason: 'Connection error.' }]);
      await gateway.resume();
      await reload();
      await core.client.stateWhen(agent, ({ state }) => state !== 'unavailable', PATIENCE_MS);
      expect(await assistant.say('Hello')).toMatchObject({ kind: 'action_done' });
    });
  });

  test('Core has nothing else to complain of, shows no traceback and no secret, and left this machine for nothing', () => {
    expect(core.log.troubles().filter(({ logger }) => logger !== LOGGER)).toEqual([]);
    expect(core.log.attemptsToLeave()).toEqual([]);
    expect(complaints().filter((text) => text.includes('Traceback'))).toEqual([]);
    expect(core.log.lines.join('\n')).not.toMatch(/sk-[A-Za-z0-9_-]{20}/);
  });
});
