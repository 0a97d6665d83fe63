import OpenAI, { APIError, BadRequestError, NotFoundError, PermissionDeniedError, RateLimitError } from 'openai';
import type { Response as ResponseObject, ResponseInputItem } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, json, stream, streamedEvents, type FakeProvider } from '../support/fake-provider.ts';
import { wire } from '../support/wire-answers.ts';
import type { TestGateway } from '../support/gateway.ts';
import { DIALECTS, house, type House } from './official-openai.ts';

let place: House;
let gateway: TestGateway;
let provider: FakeProvider;
let client: OpenAI;

beforeAll(async () => {
  place = await house();
  ({ gateway, provider } = place);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(() => place.stop());

const TOOLS = ['get_weather', 'get_time', 'GetState', 'HassTurnOn'].map((name) => ({
  type: 'function' as const,
  name,
  parameters: { type: 'object', properties: { city: { type: 'string' }, name: { type: 'string' } } },
  strict: false,
}));
const TEXT_OF = {
  openai: 'Grüß Gott! 🌍 "How" can I\nhelp?',
  anthropic: 'Grüße aus Köln! 🌧️',
  ollama: 'Light scatters — blue most 🌍.',
  cohere: 'Light scatters — blue most 🌍.',
} as const;
const callsOf = ({ output }: ResponseObject) => output.filter((item) => item.type === 'function_call');

describe.each(DIALECTS)('through the official client, %s', (dialect) => {
  test('answers', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const answer = await client.responses.create({ model: dialect, input: 'Hi', instructions: 'Be brief.' });
    expect(answer).toMatchObject({ object: 'response', status: 'completed', model: dialect, error: null, output_text: TEXT_OF[dialect] });
    expect(answer.id).toMatch(/^resp_/);
    expect(answer.usage?.total_tokens).toBe((answer.usage?.input_tokens ?? 0) + (answer.usage?.output_tokens ?? 0));
    expect(JSON.stringify(provider.last.json)).toContain('Be brief.');
  });

  test('streams the same', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const running = client.responses.stream({ model: dialect, input: 'Hi' });
    let seen = '';
    running.on('response.output_text.delta', ({ delta }) => (seen += delta));
    const folded = await running.finalResponse();
    expect(seen).toBe(TEXT_OF[dialect]);
    expect(folded).toMatchObject({ status: 'completed', model: dialect, output_text: TEXT_OF[dialect] });
    const whole = await client.responses.create({ model: dialect, input: 'Hi' });
    expect(folded.usage).toEqual(whole.usage);
  });

  test('calls tools in parallel, streamed and not, and the next turn brings their results', async () => {
    provider.behaviour = wire(dialect === 'ollama' || dialect === 'cohere' ? `${dialect}/tool-calls` : `${dialect}/parallel-tools`);
    const asked = { model: dialect, input: 'Weather?', tools: TOOLS };
    const whole = await client.responses.create(asked);
    const folded = await client.responses.stream(asked).finalResponse();
    const brief = (response: ResponseObject) => callsOf(response).map(({ name, arguments: text }) => [name, JSON.parse(text) as unknown]);
    expect(callsOf(whole).length).toBeGreaterThan(1);
    expect(brief(folded)).toEqual(brief(whole));

    provider.behaviour = wire(`${dialect}/text`);
    const results = (response: ResponseObject): ResponseInputItem[] =>
      callsOf(response).map(({ call_id: id }) => ({ type: 'function_call_output', call_id: id, output: 'rain, 7 °C' }));
    for (const first of [whole, folded]) {
      const next = await client.responses.create({ model: dialect, previous_response_id: first.id, input: results(first), tools: TOOLS });
      expect(next.output_text).toBe(TEXT_OF[dialect]);
      expect(next.previous_response_id).toBe(first.id);
      const sent = JSON.stringify(provider.last.json);
      expect(sent).toContain('Weather?');
      expect(sent.split('rain, 7 °C')).toHaveLength(callsOf(first).length + 1);
    }
  });

  test('is charged like a chat', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const key = await gateway.key({ key_alias: `responses-${dialect}` });
    await client.withOptions({ apiKey: key }).responses.create({ model: dialect, input: 'Hi', user: 'lou' });
    const rows = await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).json();
    expect(rows).toMatchObject([{ call_type: 'aresponses', model_group: dialect, status: 'success', end_user: 'lou' }]);
  });
});

describe('a response', () => {
  const ask = (more: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {}, by = client) => {
    provider.behaviour = wire('openai/text');
    return by.responses.create({ model: 'openai', input: 'Hi', ...more });
  };

  test('is shown again, with what it answered, until it is deleted', async () => {
    const made = await ask();
    expect(await client.responses.retrieve(made.id)).toMatchObject({ id: made.id, output_text: TEXT_OF.openai });
    const items = await client.responses.inputItems.list(made.id);
    expect(items.data).toMatchObject([{ type: 'message', role: 'user' }]);
    await client.responses.delete(made.id);
    await expect(client.responses.retrieve(made.id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(client.responses.delete(made.id)).rejects.toBeInstanceOf(NotFoundError);
  });

  test('of a stream is kept as well', async () => {
    provider.behaviour = wire('openai/text');
    const made = await client.responses.stream({ model: 'openai', input: 'Hi' }).finalResponse();
    expect(await client.responses.retrieve(made.id)).toMatchObject({ status: 'completed', output_text: TEXT_OF.openai });
  });

  test('lists what it answered page by page, the last item first, each with an id', async () => {
    const input = [
      { role: 'user' as const, content: 'One' },
      { type: 'function_call' as const, call_id: 'c1', name: 'get_time', arguments: '{}' },
      { type: 'function_call_output' as const, call_id: 'c1', output: 'noon' },
      { role: 'user' as const, content: [{ type: 'input_text' as const, text: 'Two' }] },
    ];
    const made = await ask({ input });
    const seen: Record<string, unknown>[] = [];
    for await (const item of client.responses.inputItems.list(made.id, { limit: 2, order: 'asc' })) seen.push({ ...item });
    expect(seen).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'One' }] },
      { type: 'function_call', name: 'get_time' },
      { type: 'function_call_output', output: 'noon' },
      { type: 'message', content: [{ type: 'input_text', text: 'Two' }] },
    ]);
    const ids = seen.map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    const first = await client.responses.inputItems.list(made.id, { limit: 1 });
    expect(first).toMatchObject({ data: [{ id: ids[3] }], has_more: true });
    await expect(client.responses.inputItems.list(made.id, { after: 'nothing' })).rejects.toBeInstanceOf(BadRequestError);
    await expect(client.responses.inputItems.list(made.id, { limit: 0 })).rejects.toBeInstanceOf(BadRequestError);
  });

  test('is told again as a stream, from where a client lost it', async () => {
    const made = await ask();
    const told = await client.responses.retrieve(made.id, { stream: true });
    const events = [];
    for await (const event of told) events.push(event);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at));
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { id: made.id } });
    const rest = [];
    for await (const event of await client.responses.retrieve(made.id, { stream: true, starting_after: 2 })) rest.push(event);
    expect(rest).toEqual(events.slice(3));
    const folded = await client.responses.stream({ response_id: made.id }).finalResponse();
    expect(folded.output_text).toBe(TEXT_OF.openai);
  });

  test('needs nothing said where it goes on from another one', async () => {
    const first = await ask({ input: 'One' });
    provider.behaviour = wire('openai/text');
    const next = await client.responses.create({ model: 'openai', previous_response_id: first.id });
    expect(next.output_text).toBe(TEXT_OF.openai);
    expect(provider.last.json['messages']).toMatchObject([{ role: 'user' }, { role: 'assistant' }]);
    await expect(client.responses.create({ model: 'openai' })).rejects.toMatchObject({ param: 'input', status: 400 });
  });

  test('is not kept when it shall not be, and then nothing goes on from it', async () => {
    const made = await ask({ store: false });
    await expect(client.responses.retrieve(made.id)).rejects.toBeInstanceOf(NotFoundError);
    const error = await ask({ previous_response_id: made.id }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'previous_response_not_found', param: 'previous_response_id' });
  });

  test('belongs to whoever asked for it: other keys may neither see it, go on from it nor delete it', async () => {
    const [mine, other] = await Promise.all([gateway.key({}), gateway.key({})]);
    const made = await ask({}, client.withOptions({ apiKey: mine }));
    const theirs = client.withOptions({ apiKey: other });
    await expect(theirs.responses.retrieve(made.id)).rejects.toBeInstanceOf(PermissionDeniedError);
    await expect(theirs.responses.delete(made.id)).rejects.toBeInstanceOf(PermissionDeniedError);
    await expect(ask({ previous_response_id: made.id }, theirs)).rejects.toBeInstanceOf(PermissionDeniedError);
    expect((await client.withOptions({ apiKey: mine }).responses.retrieve(made.id)).id).toBe(made.id);
  });

  test('goes on over three turns, each seeing all before it', async () => {
    const first = await ask({ input: 'One' });
    const second = await ask({ input: 'Two', previous_response_id: first.id });
    await ask({ input: 'Three', previous_response_id: second.id });
    const sent = provider.last.json['messages'] as { role: string; content: unknown }[];
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    for (const said of ['One', 'Two', 'Three']) expect(JSON.stringify(sent)).toContain(said);
  });
});

describe('errors', () => {
  test.each([
    [400, BadRequestError],
    [404, NotFoundError],
    [429, RateLimitError],
  ])('a provider that says %i', async (status, kind) => {
    provider.behaviour = json({ error: { message: 'no', type: 'some_error', code: null } }, status);
    await expect(client.responses.create({ model: 'openai', input: 'Hi' })).rejects.toBeInstanceOf(kind);
  });

  test.each([
    ['input', {}],
    ['background', { input: 'Hi', background: true }],
    ['prompt', { input: 'Hi', prompt: { id: 'pmpt_1' } }],
    ['input[0].content[0].type', { input: [{ role: 'user', content: [{ type: 'odd' }] }] }],
  ])('a body whose %s is wrong is a 400 that names it', async (param, body) => {
    await expect(client.responses.create({ model: 'openai', ...body } as never)).rejects.toMatchObject({
      constructor: BadRequestError,
      param,
    });
  });

  test('inside a stream fail the response with what was said so far, and it is not kept', async () => {
    provider.behaviour = stream(streamedEvents(['Hel', 'lo']).slice(0, 3));
    const answer = await gateway.call('POST', '/v1/responses', { model: 'openai', input: 'Hi', stream: true });
    const events = (await answer.text()).split('\n\n').filter((event) => event !== '');
    const parsed = events.map((event) => JSON.parse(event.split('\n')[1]?.slice(6) ?? '') as Record<string, unknown>);
    expect(parsed.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' } } });
    expect(JSON.stringify(parsed.at(-1))).toContain('Hel');
    expect(parsed.map(({ sequence_number: number }) => number)).toEqual(parsed.map((_, index) => index));
    const running = client.responses.stream({ model: 'openai', input: 'Hi' });
    await expect(running.finalResponse()).rejects.toBeInstanceOf(APIError);
  });

  test('a budget that is spent is refused before anybody is asked', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ max_budget: 0.01 });
    const mine = client.withOptions({ apiKey: key });
    const params = { model: 'priced', input: 'Hi', max_output_tokens: 1 };
    await mine.responses.create(params).catch(() => undefined);
    const before = provider.seen.length;
    await expect(mine.responses.create(params)).rejects.toBeInstanceOf(APIError);
    expect(provider.seen.length).toBe(before);
  });
});
