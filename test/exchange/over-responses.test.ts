import OpenAI from 'openai';
import type { Response as ResponseObject, ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wireCase } from '../dialects/wire-case.ts';
import { FakeProvider, json, stream } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { contentOf, eventsIn, lastRow } from './leaks.ts';

let provider: FakeProvider;
let other: FakeProvider;
let gateway: TestGateway;
let client: OpenAI;

const PRICES = 'input_cost_per_token: 0.00000125, output_cost_per_token: 0.00001, cache_read_input_token_cost: 0.000000125';

beforeAll(async () => {
  provider = await FakeProvider.start();
  other = await FakeProvider.start();
  const row = (name: string, model: string, more = '', info = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}", api_key: sk-provider${more} }${info} }\n`;
  gateway = await startGateway(`model_list:
${row('thinker', 'openai/responses/gpt-5.4', `, ${PRICES}`)}${row('azure', 'azure/house', ', api_version: v1', ', model_info: { base_model: azure/gpt-5.4 }')}${row('grok', 'xai/grok-4')}${row('by-mode', 'openai/my-model', '', ', model_info: { mode: responses }')}${row('drops', 'openai/responses/gpt-5.4', ', drop_params: true')}${row('set', 'openai/responses/gpt-5.4', ', max_tokens: 200, reasoning_effort: low, temperature: 1')}${row('plain', 'openai/gpt-4o')}
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5-20250929, api_base: "${other.url}", api_key: k } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ thinker: [claude] }, { by-mode: [grok] }] }
`);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await other.stop();
});

interface ChatBody {
  readonly id: string;
  readonly choices: { readonly message: Record<string, unknown>; readonly finish_reason: string }[];
  readonly usage: Record<string, unknown>;
  readonly error: { readonly message: string; readonly param: string; readonly type: string };
}

const TOOLS = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];

async function chat(model: string, more: Record<string, unknown> = {}): Promise<{ answer: Response; body: ChatBody }> {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });
  return { answer, body: (await answer.clone().json()) as ChatBody };
}

/** The events that a client of Responses got. */
async function streamed(body: Record<string, unknown>): Promise<ResponseStreamEvent[]> {
  const answer = await gateway.call('POST', '/v1/responses', { stream: true, ...body });
  const events = (await answer.text()).split('\n\n').filter((event) => event !== '');
  return events.map((event) => {
    const [name, data = ''] = event.split('\n');
    const parsed = JSON.parse(data.slice(6)) as ResponseStreamEvent;
    expect(name).toBe(`event: ${parsed.type}`);
    return parsed;
  });
}

describe('a chat', () => {
  test('goes over Responses where the model is asked so, with its key, and is paid for by what was counted', async () => {
    provider.behaviour = wire('responses/text');
    const { answer, body } = await chat('thinker', { max_tokens: 300, reasoning_effort: 'low' });
    expect(provider.last).toMatchObject({ method: 'POST', path: '/responses', headers: { authorization: 'Bearer sk-provider' } });
    expect(provider.last.json).toEqual({
      model: 'gpt-5.4',
      input: [{ role: 'user', content: 'Hi' }],
      max_output_tokens: 300,
      reasoning: { effort: 'low' },
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'thinker',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Grüß Gott! 🌍 "How" can I\nhelp?' } }],
      usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29, prompt_tokens_details: { cached_tokens: 8 } },
    });
    // 12 × 1.25, 8 × 0.125 and 9 × 10 millionths.
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.000106');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000106', prompt_tokens: 20, completion_tokens: 9, call_type: 'acompletion' });
  });

  test('is streamed alike', async () => {
    provider.behaviour = wire('responses/text');
    const asked = { model: 'thinker', stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'Hi' }] };
    const events = eventsIn(await (await gateway.call('POST', '/v1/chat/completions', asked)).text());
    expect(contentOf(events)).toBe('Grüß Gott! 🌍 "How" can I\nhelp?');
    expect(events.at(-1)).toBe('[DONE]');
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 9 } });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000106' });
  });

  test('brings sealed thoughts back in its blocks, and where the client lost them they are put back', async () => {
    provider.behaviour = wire('responses/thinking-with-tools');
    const { body } = await chat('thinker', { tools: TOOLS });
    const { message } = body.choices[0] ?? {};
    expect(message).toMatchObject({
      reasoning_content: '**Looking** up the weather.\n\nZürich it is.',
      thinking_blocks: [{ type: 'thinking', signature: 'responses:openai.rs_03.gAAAAABsealed-03==' }],
    });
    const { thinking_blocks: _b, reasoning_content: _r, ...lost } = message ?? {};
    for (const turn of [message, lost]) {
      provider.behaviour = wire('responses/text');
      await chat('thinker', {
        tools: TOOLS,
        messages: [{ role: 'user', content: 'Hi' }, turn, { role: 'tool', tool_call_id: 'call_Cc3', content: '11 °C' }],
      });
      expect(provider.last.json['input']).toMatchObject([
        { role: 'user' },
        { type: 'reasoning', id: 'rs_03', encrypted_content: 'gAAAAABsealed-03==' },
        { role: 'assistant', content: 'I look it up.' },
        { type: 'function_call', call_id: 'call_Cc3' },
        { type: 'function_call_output', call_id: 'call_Cc3', output: '11 °C' },
      ]);
    }
    // Nobody else is told what only OpenAI can read.
    other.behaviour = wire('anthropic/text');
    await chat('claude', {
      messages: [{ role: 'user', content: 'Hi' }, message, { role: 'tool', tool_call_id: 'call_Cc3', content: '11' }],
    });
    expect(other.last.body.toString()).not.toContain('sealed-03');
  });

  test.each([
    ['tools and thoughts', { tools: TOOLS, reasoning_effort: 'low' }, true],
    ['a summary of thoughts', { reasoning_effort: { effort: 'low', summary: 'auto' } }, true],
    ['tools alone', { tools: TOOLS }, false],
    ['tools without thinking', { tools: TOOLS, reasoning_effort: 'none' }, false],
    ['thoughts alone', { reasoning_effort: 'high' }, false],
  ])('that wants %s: goes over Responses only where it has to', async (_name, wish, over) => {
    provider.behaviour = (request, response) =>
      wire(request.path.includes('/responses') ? 'responses/text' : 'openai/text')(request, response);
    expect((await chat('azure', wish)).answer.status).toBe(200);
    expect(provider.last.path).toBe(over ? '/openai/v1/responses' : '/openai/v1/chat/completions');
  });

  test('is refused what Responses have no place for, unless it may be dropped', async () => {
    provider.behaviour = wire('responses/text');
    const { answer, body } = await chat('thinker', { stop: 'x', seed: 1 });
    expect([answer.status, body.error.message]).toEqual([400, expect.stringContaining('stop')]);
    expect((await chat('drops', { stop: 'x', temperature: 0.2 })).answer.status).toBe(200);
    expect(Object.keys(provider.last.json).toSorted()).toEqual(['include', 'input', 'model', 'store']);
  });

  test('with a custom tool gets its call as chat has it, and brings the result back', async () => {
    provider.behaviour = wire('responses/custom-tool');
    const tools = [...TOOLS, { type: 'custom', custom: { name: 'run_sql' } }];
    const { body } = await chat('thinker', { tools });
    expect(provider.last.json['tools']).toMatchObject([{ type: 'function' }, { type: 'custom', name: 'run_sql' }]);
    const { tool_calls: calls } = body.choices[0]?.message ?? {};
    expect(calls).toMatchObject([
      { id: 'call_Dd4', type: 'function', function: { name: 'get_time' } },
      { id: 'call_Ee5', type: 'custom', custom: { name: 'run_sql', input: 'select 1;' } },
    ]);
    const results = (calls as { id: string }[]).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'fine' }));
    await chat('thinker', {
      tools,
      messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: null, tool_calls: calls }, ...results],
    });
    expect((provider.last.json['input'] as { type?: string }[]).map(({ type }) => type)).toEqual([
      undefined,
      'function_call',
      'custom_tool_call',
      'function_call_output',
      'custom_tool_call_output',
    ]);
  });

  test('whose response fails before it says anything goes to the next model; later it fails itself', async () => {
    provider.behaviour = wire('responses/failed-at-once');
    other.behaviour = wire('anthropic/text');
    const asked = { model: 'thinker', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
    const events = eventsIn(await (await gateway.call('POST', '/v1/chat/completions', asked)).text());
    expect(contentOf(events)).toContain('Köln');
    provider.behaviour = stream([wireCase('responses/failed-in-mid-stream').stream.toString('utf8')]);
    const text = await (await gateway.call('POST', '/v1/chat/completions', asked)).text();
    expect(eventsIn(text).at(-1)).toMatchObject({ error: { message: expect.stringContaining('Rate limit reached') } });
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
  });
});

describe('a client of Anthropic’s dialect', () => {
  const messages = (more: Record<string, unknown> = {}, model = 'azure'): Promise<Response> =>
    gateway.call('POST', '/v1/messages', { model, max_tokens: 500, messages: [{ role: 'user', content: 'Hi' }], ...more });

  test('is answered over Responses, thoughts and calls among it, and brings them back', async () => {
    provider.behaviour = wire('responses/thinking-with-tools');
    const tools = [{ name: 'get_weather', input_schema: { type: 'object', properties: {} } }];
    const asked = { system: 'Be brief.', tools, thinking: { type: 'enabled', budget_tokens: 4000 }, stop_sequences: ['END'] };
    const answer = (await (await messages(asked)).json()) as { content: Record<string, unknown>[]; stop_reason: string };
    expect(provider.last).toMatchObject({
      path: '/openai/v1/responses',
      json: { model: 'house', instructions: 'Be brief.', reasoning: { effort: 'low' }, max_output_tokens: 500, store: false },
    });
    expect(provider.last.json).not.toHaveProperty('stop');
    expect(answer).toMatchObject({ stop_reason: 'tool_use', content: [{ type: 'thinking' }, { type: 'text' }, { type: 'tool_use' }] });
    provider.behaviour = wire('responses/text');
    const results = [{ type: 'tool_result', tool_use_id: answer.content[2]?.['id'], content: '11 °C' }];
    await messages({
      ...asked,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: answer.content },
        { role: 'user', content: results },
      ],
    });
    expect(provider.last.json['input']).toMatchObject([
      { role: 'user' },
      { type: 'reasoning', encrypted_content: 'gAAAAABsealed-03==' },
      { role: 'assistant' },
      { type: 'function_call' },
      { type: 'function_call_output', output: '11 °C' },
    ]);
  });

  test('has its input counted by the provider', async () => {
    provider.behaviour = json({ object: 'response.input_tokens', input_tokens: 4711 });
    const body = { model: 'thinker', system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] };
    expect(await (await gateway.call('POST', '/v1/messages/count_tokens', body)).json()).toEqual({ input_tokens: 4711 });
    expect(provider.last).toMatchObject({
      path: '/responses/input_tokens',
      json: { model: 'gpt-5.4', instructions: 'Be brief.', input: [{ role: 'user', content: 'Hi' }] },
    });
  });
});

describe('a client of Responses', () => {
  const ITEMS = { type: 'function' as const, name: 'get_weather', parameters: { type: 'object', properties: {} }, strict: false };

  test('is passed on as it wrote, to the byte, with tools that the provider runs and members that nobody knows', async () => {
    provider.behaviour = wire('responses/text');
    const body =
      '{"input": [{"role":"user","content":"Grüß dich"}],  "model": "thinker", "tools":[{"type":"web_search"},{"type":"mcp","server_label":"x"}], "brand_new": {"a": [1, 2]}, "metadata": {"mine":"yes"}, "include":["web_search_call.action.sources"], "background": false}';
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(provider.last.body.toString()).toBe(body.replace('"thinker"', '"gpt-5.4"'));
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.000106');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000106', call_type: 'aresponses', prompt_tokens: 20 });
  });

  test('gets the answer as it came, but for its id and model', async () => {
    provider.behaviour = wire('responses/web-search');
    const given = wireCase('responses/web-search').response as ResponseObject;
    const told = await client.responses.create({ model: 'thinker', input: 'Penguins?', tools: [{ type: 'web_search' }] });
    const { id, model, output_text: _text, ...rest } = told;
    const { id: theirs, model: upstream, ...same } = given;
    expect(rest).toEqual(same);
    expect([model, id === theirs, upstream]).toEqual(['thinker', false, 'gpt-5.4-2026-03-05']);
    expect(id).toMatch(/^resp_[0-9a-f]{32}$/);
  });

  test.each(['text', 'thinking-with-tools', 'web-search', 'refusal', 'max-tokens', 'custom-tool', 'image-made'])(
    'gets the stream of %s as it came, and the official client folds it into the same response',
    async (name) => {
      provider.behaviour = wire(`responses/${name}`);
      const events = await streamed({ model: 'thinker', input: 'Hi' });
      const theirs = wireCase(`responses/${name}`).stream.toString('utf8').split('\n\n').filter(Boolean);
      expect(events).toHaveLength(theirs.length);
      for (const [i, event] of events.entries()) {
        const given = JSON.parse(theirs[i]?.split('\n')[1]?.slice(6) ?? '') as ResponseStreamEvent;
        if (!('response' in event)) expect(event).toEqual(given);
        else expect(event.response).toMatchObject({ model: 'thinker', id: expect.stringMatching(/^resp_[0-9a-f]{32}$/) });
      }
      const folded = await client.responses.stream({ model: 'thinker', input: 'Hi' }).finalResponse();
      const { output } = wireCase(`responses/${name}`).response as ResponseObject;
      expect(folded.output.map(({ type, id }) => [type, id])).toEqual(output.map(({ type, id }) => [type, id]));
    },
  );

  test('is told a whole answer as a stream where one came in its place', async () => {
    const { response } = wireCase('responses/thinking-with-tools');
    provider.behaviour = json(response);
    const running = client.responses.stream({ model: 'thinker', input: 'Hi' });
    const seen: string[] = [];
    running.on('response.output_text.delta', ({ delta }) => seen.push(delta));
    running.on('response.function_call_arguments.delta', ({ delta }) => seen.push(delta));
    const folded = await running.finalResponse();
    expect(seen).toEqual(['I look it up.', '{"city":"Zürich"}']);
    expect(folded.output).toMatchObject((response as ResponseObject).output);
  });

  test('gets arguments that a server tells at their end alone as a piece too, and events without a number with one', async () => {
    provider.behaviour = wire('responses/arguments-at-the-end');
    const running = client.responses.stream({ model: 'by-mode', input: 'Hi' });
    const seen: string[] = [];
    running.on('response.function_call_arguments.delta', ({ delta }) => seen.push(delta));
    await running.finalResponse();
    expect(seen).toEqual(['{"city":"Graz"}']);
    const text = wireCase('responses/arguments-at-the-end').stream.toString('utf8');
    provider.behaviour = stream([text.replaceAll(/^event: .*\n/gm, '').replaceAll(/"sequence_number":\d+,/g, '')]);
    const events = await streamed({ model: 'by-mode', input: 'Hi' });
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, i) => i));
    expect(events.map(({ type }) => type)).toContain('response.function_call_arguments.delta');
  });

  test('may not ask for what runs in the background', async () => {
    await expect(client.responses.create({ model: 'thinker', input: 'Hi', background: true })).rejects.toMatchObject({
      status: 400,
      param: 'background',
    });
  });

  test('has what the deployment sets, in the words of Responses, unless it sets it itself', async () => {
    provider.behaviour = wire('responses/text');
    await client.responses.create({ model: 'set', input: 'Hi', max_output_tokens: 50 });
    expect(provider.last.json).toEqual({
      model: 'gpt-5.4',
      input: 'Hi',
      max_output_tokens: 50,
      reasoning: { effort: 'low' },
      temperature: 1,
    });
  });

  test('is refused a parameter that the model refuses, or loses it where it may', async () => {
    provider.behaviour = wire('responses/text');
    await expect(client.responses.create({ model: 'set', input: 'Hi', temperature: 0.2 })).rejects.toMatchObject({ status: 400 });
    await client.responses.create({ model: 'drops', input: 'Hi', temperature: 0.2 });
    expect(provider.last.json).toEqual({ model: 'gpt-5.4', input: 'Hi' });
  });

  describe('goes on from a response', () => {
    const first = async (more: Record<string, unknown> = {}, name = 'responses/thinking-with-tools', store = true) => {
      provider.behaviour = json({ ...(wireCase(name).response as object), store });
      const made = await client.responses.create({ model: 'thinker', input: 'Weather?', tools: [ITEMS], ...more });
      provider.behaviour = wire('responses/text');
      return made;
    };
    const result: ResponseInputItem[] = [{ type: 'function_call_output', call_id: 'call_Cc3', output: '11 °C' }];

    test('by the id that the provider knows, where the provider keeps it', async () => {
      const made = await first();
      const next = await client.responses.create({ model: 'thinker', previous_response_id: made.id, input: result });
      expect(provider.last.json).toEqual({ model: 'gpt-5.4', previous_response_id: 'resp_03', input: result });
      expect(next.previous_response_id).toBe(made.id);
      const third = await client.responses.create({ model: 'thinker', previous_response_id: next.id, input: 'And now?' });
      // The second was not stored at the provider: everything is said again.
      expect(third.previous_response_id).toBe(next.id);
      expect(provider.last.json['input']).toMatchObject([
        { role: 'user' },
        { type: 'reasoning', id: 'rs_03', encrypted_content: 'gAAAAABsealed-03==' },
        { type: 'message', role: 'assistant' },
        { type: 'function_call', call_id: 'call_Cc3' },
        { type: 'function_call_output' },
        { type: 'message', role: 'assistant' },
        { role: 'user' },
      ]);
      expect(provider.last.json).not.toHaveProperty('previous_response_id');
    });

    test('at another provider, which is told everything but the sealed thoughts', async () => {
      const made = await first();
      other.behaviour = wire('anthropic/text');
      const next = await client.responses.create({ model: 'claude', previous_response_id: made.id, input: result });
      expect(next.output_text).toContain('Köln');
      expect(other.last.body.toString()).toContain('11 °C');
      expect(other.last.body.toString()).not.toContain('sealed-03');
      // And back again, to one that never saw the second turn.
      await client.responses.create({ model: 'grok', previous_response_id: next.id, input: 'So?' });
      const sent = provider.last.json['input'] as Record<string, unknown>[];
      expect(sent.map(({ type }) => type)).toEqual(['message', 'message', 'function_call', 'function_call_output', 'message', 'message']);
      expect(JSON.stringify(sent)).not.toMatch(/gateway\.1|provider_specific_fields|"id"/);
    });

    test('that is deleted: the provider that keeps it deletes its copy, by its own id and before ours', async () => {
      const made = await first();
      provider.behaviour = json({ error: { message: 'not now', type: 'server_error' } }, 500);
      await expect(client.responses.delete(made.id)).rejects.toMatchObject({ status: 500 });
      provider.behaviour = json({ id: 'resp_03', object: 'response.deleted', deleted: true });
      const { data, response } = await client.responses.delete(made.id).withResponse();
      expect(data).toEqual({ id: made.id, object: 'response', deleted: true });
      expect(response.headers.get('x-gateway-left-out')).toBeNull();
      expect([provider.last.method, provider.last.path]).toEqual(['DELETE', '/responses/resp_03']);
      expect(provider.last.headers).toMatchObject({ authorization: 'Bearer sk-provider' });
      expect(provider.last.headers).not.toHaveProperty('content-type');
      await expect(client.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    });

    test('that is deleted: what the provider does not know any more, and what it never kept, is no error', async () => {
      const made = await first();
      provider.behaviour = json({ error: { message: "Response with id 'resp_03' not found." } }, 404);
      await client.responses.delete(made.id);
      const ours = await first({}, 'responses/thinking-with-tools', false);
      const asked = provider.seen.length;
      await client.responses.delete(ours.id);
      expect(provider.seen).toHaveLength(asked);
    });

    test('that is cancelled: the provider that keeps it says what comes of it, under our id', async () => {
      const made = await first();
      provider.behaviour = json({ id: 'resp_03', object: 'response', status: 'cancelled', model: 'gpt-5.4', output: [] });
      expect(await client.responses.cancel(made.id)).toMatchObject({ id: made.id, status: 'cancelled', model: 'thinker' });
      expect([provider.last.method, provider.last.path]).toEqual(['POST', '/responses/resp_03/cancel']);
      provider.behaviour = json({ error: { message: 'Cannot cancel a synchronous response.', type: 'invalid_request_error' } }, 400);
      await expect(client.responses.cancel(made.id)).rejects.toMatchObject({ status: 400 });
      const ours = await first({}, 'responses/thinking-with-tools', false);
      await expect(client.responses.cancel(ours.id)).rejects.toMatchObject({ status: 400, param: 'response_id' });
    });

    test('of Azure, whose addresses have their version behind the id', async () => {
      provider.behaviour = json({ ...(wireCase('responses/text').response as object), store: true });
      const made = await client.responses.create({ model: 'azure', input: 'Hi' });
      const [before = ''] = provider.last.path.split('?');
      const query = provider.last.path.slice(before.length);
      const { id } = wireCase('responses/text').response as { id: string };
      provider.behaviour = json({ deleted: true });
      await client.responses.delete(made.id);
      expect(provider.last.path).toBe(`${before}/${id}${query}`);
    });

    test('after the first provider failed', async () => {
      const made = await first();
      provider.behaviour = json({ error: { message: 'down' } }, 503);
      other.behaviour = wire('anthropic/text');
      const next = await client.responses.create({ model: 'thinker', previous_response_id: made.id, input: result });
      expect([next.model, next.previous_response_id]).toEqual(['claude-sonnet-4-5-20250929', made.id]);
    });

    test('whose provider ran tools: their steps come back to that provider alone', async () => {
      const made = await first({}, 'responses/web-search', false);
      await client.responses.create({ model: 'thinker', previous_response_id: made.id, input: 'More' });
      expect(provider.last.json['input']).toMatchObject([
        { role: 'user' },
        { type: 'web_search_call', id: 'ws_10' },
        { type: 'web_search_call' },
        { type: 'message' },
        { role: 'user' },
      ]);
      await client.responses.create({ model: 'grok', previous_response_id: made.id, input: 'More' });
      expect(JSON.stringify(provider.last.json['input'])).not.toContain('web_search_call');
    });

    test('and sees it, its input and its end', async () => {
      const made = await first();
      expect(await client.responses.retrieve(made.id)).toMatchObject({ id: made.id, model: 'thinker', output: made.output });
      expect((await client.responses.inputItems.list(made.id)).data).toMatchObject([{ role: 'user' }]);
      await client.responses.delete(made.id);
      await expect(client.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
      await expect(client.responses.cancel(made.id)).rejects.toMatchObject({ status: 404 });
      await expect(client.responses.create({ model: 'thinker', previous_response_id: made.id, input: 'x' })).rejects.toMatchObject({
        code: 'previous_response_not_found',
      });
    });

    test('of a stream as well, and of none that shall not be kept', async () => {
      provider.behaviour = wire('responses/text');
      const made = await client.responses.stream({ model: 'thinker', input: 'Hi' }).finalResponse();
      expect(await client.responses.retrieve(made.id)).toMatchObject({ status: 'completed', output_text: made.output_text });
      const loose = await client.responses.create({ model: 'thinker', input: 'Hi', store: false });
      await expect(client.responses.retrieve(loose.id)).rejects.toMatchObject({ status: 404 });
    });
  });

  describe('when the provider fails', () => {
    test('before it said anything, gets the answer of the next model', async () => {
      other.behaviour = wire('anthropic/text');
      for (const name of ['failed-at-once', 'error-event']) {
        provider.behaviour = stream([wireCase(`responses/${name}`).stream.toString('utf8')]);
        expect((await client.responses.stream({ model: 'thinker', input: 'Hi' }).finalResponse()).output_text).toContain('Köln');
      }
      provider.behaviour = inTurn(stream([wireCase('responses/failed-at-once').stream.toString('utf8')]), wire('responses/text'));
      const events = await streamed({ model: 'by-mode', input: 'Hi' });
      expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { model: 'grok-4' } });
      expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1);
    });

    test.each(['failed-in-mid-stream', 'cut-off'])('in the middle (%s), is told so in order, and nothing is kept', async (name) => {
      provider.behaviour = stream([wireCase(`responses/${name}`).stream.toString('utf8')]);
      const events = await streamed({ model: 'thinker', input: 'Hi' });
      expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, i) => i));
      expect(events.slice(-2)).toMatchObject([
        { type: 'error' },
        { type: 'response.failed', response: { status: 'failed', model: 'thinker' } },
      ]);
      const failed = events.at(-1) as ResponseStreamEvent & { response: ResponseObject };
      await expect(client.responses.retrieve(failed.response.id)).rejects.toMatchObject({ status: 404 });
      expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
    });

    test.each([
      ['error-400', 400],
      ['error-401', 401],
      ['error-429', 429],
      ['error-context', 400],
    ])('as %s says, gets its status', async (name, status) => {
      provider.behaviour = wire(`responses/${name}`);
      const answer = await gateway.call('POST', '/v1/responses', { model: 'grok', input: 'Hi' });
      expect(answer.status).toBe(status);
      if (status === 429) expect(answer.headers.get('retry-after')).toBe('2');
    });
  });
});

describe('how many tokens an input has', () => {
  const count = async (body: Record<string, unknown>): Promise<unknown> =>
    (await gateway.call('POST', '/v1/responses/input_tokens', body)).json();

  test('is told by a provider that counts', async () => {
    provider.behaviour = json({ object: 'response.input_tokens', input_tokens: 17 });
    const body = { model: 'thinker', input: 'Hi', instructions: 'Be brief.', max_output_tokens: 5 };
    expect(await count(body)).toEqual({ object: 'response.input_tokens', input_tokens: 17 });
    expect(provider.last).toMatchObject({
      path: '/responses/input_tokens',
      json: { model: 'gpt-5.4', input: 'Hi', instructions: 'Be brief.' },
    });
    expect(provider.last.json).not.toHaveProperty('max_output_tokens');
  });

  test('is counted here for everybody else, also for one that will not say', async () => {
    const few = { object: 'response.input_tokens', input_tokens: expect.any(Number) };
    const before = provider.seen.length;
    expect(await count({ model: 'claude', input: 'Hi' })).toEqual(few);
    expect(await count({ model: 'plain', input: 'Hi' })).toEqual(few);
    expect(provider.seen.length).toBe(before);
    provider.behaviour = json({ error: { message: 'no such path' } }, 404);
    expect(await count({ model: 'thinker', input: 'Hi' })).toEqual(few);
    const answer = await gateway.call('POST', '/v1/responses/input_tokens', { model: 'nobody', input: 'Hi' });
    expect(answer.status).toBe(400);
  });
});

test('a tool that only OpenAI runs is left out elsewhere, and the client is told', async () => {
  other.behaviour = wire('anthropic/text');
  const tools = [ITEM_OF_A_FUNCTION, { type: 'file_search', vector_store_ids: ['vs_1'] }];
  const answer = await gateway.call('POST', '/v1/responses', { model: 'claude', input: 'Hi', tools });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-gateway-left-out')).toBe("tools[1]: this provider cannot run 'file_search'");
  provider.behaviour = wire('responses/text');
  const passed = await gateway.call('POST', '/v1/responses', { model: 'thinker', input: 'Hi', tools });
  expect(passed.headers.get('x-gateway-left-out')).toBeNull();
  expect(provider.last.json['tools']).toEqual(tools);
});

const ITEM_OF_A_FUNCTION = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } };

test('a prompt that is kept at OpenAI is asked for without an input, and an input that is none before anybody is asked', async () => {
  provider.behaviour = wire('responses/text');
  const made = await gateway.call('POST', '/v1/responses', { model: 'thinker', prompt: { id: 'pmpt_1' } });
  expect(made.status).toBe(200);
  expect(provider.last.json).toEqual({ model: 'gpt-5.4', prompt: { id: 'pmpt_1' } });
  const before = provider.seen.length;
  expect((await gateway.call('POST', '/v1/responses', { model: 'thinker', input: 3 })).status).toBe(400);
  expect(provider.seen.length).toBe(before);
});

test('searches in files that the provider ran are paid for', async () => {
  const { response } = wireCase('responses/text');
  const search = { id: 'fs_1', type: 'file_search_call', status: 'completed', queries: ['x'], results: null };
  const { output } = response as { output: unknown[] };
  provider.behaviour = json({ ...(response as object), output: [search, search, ...output] });
  const tools = [{ type: 'file_search', vector_store_ids: ['vs_1'] }];
  expect((await gateway.call('POST', '/v1/responses', { model: 'thinker', input: 'Hi', tools })).status).toBe(200);
  // 0.000106 for the tokens, 2 * 2.50 / 1000
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.005106' });
});
