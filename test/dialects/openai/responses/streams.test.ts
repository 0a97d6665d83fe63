import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../src/core/answer.ts';
import { MalformedAnswerError } from '../../../../src/core/provider-error.ts';
import { ResponsesStreamWriter } from '../../../../src/dialects/openai/responses/stream.ts';
import { unsealed } from '../../../../src/dialects/openai/responses/sealed.ts';
import { eventsOf, readAsOfficialClient, shape, streamed, type WireEvent } from './wire.ts';

const says = (text: string): StreamPart => ({ type: 'text_delta', text });
const begins = (index: number, name = 'f'): StreamPart => ({ type: 'tool_call_start', index, id: `call_${index}`, name });
const adds = (index: number, text: string): StreamPart => ({ type: 'tool_call_delta', index, arguments: text });
const ends = (index: number): StreamPart => ({ type: 'tool_call_end', index });
const finish: StreamPart = { type: 'finish', finish: { reason: 'stop' } };

function events(...parts: readonly StreamPart[]): WireEvent[] {
  return eventsOf(streamed(parts));
}

/** Names of events, without those of the response as a whole. */
function inner(...parts: readonly StreamPart[]): string[] {
  return events(...parts)
    .slice(2, -1)
    .map(({ type }) => type.replace('response.', ''));
}

describe('a stream', () => {
  it('begins with the response as it stands', () => {
    const [created, progress] = events({ type: 'start', id: 'chatcmpl-1' });
    const response = { id: 'resp_gateway', object: 'response', status: 'in_progress', output: [], usage: null, model: 'public-name' };
    expect(created).toMatchObject({ type: 'response.created', sequence_number: 0, response });
    expect(progress).toMatchObject({ type: 'response.in_progress', sequence_number: 1, response });
  });

  it('tells a text', () => {
    expect(inner(says('a'), says('b'), finish)).toEqual([
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
    ]);
  });

  it('shows each step of a text with its place', () => {
    const told = events(says('Hi'), finish).slice(2, -1);
    const id = (told[0]?.['item'] as { id: string } | undefined)?.id;
    const place = { item_id: id, output_index: 0, content_index: 0 };
    const part = { type: 'output_text', text: 'Hi', annotations: [], logprobs: [] };
    const item = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    expect(told).toEqual([
      { type: 'response.output_item.added', sequence_number: 2, output_index: 0, item },
      { type: 'response.content_part.added', sequence_number: 3, ...place, part: { ...part, text: '' } },
      { type: 'response.output_text.delta', sequence_number: 4, ...place, delta: 'Hi', logprobs: [] },
      { type: 'response.output_text.done', sequence_number: 5, ...place, text: 'Hi', logprobs: [] },
      { type: 'response.content_part.done', sequence_number: 6, ...place, part },
      { type: 'response.output_item.done', sequence_number: 7, output_index: 0, item: { ...item, status: 'completed', content: [part] } },
    ]);
  });

  it('tells thoughts', () => {
    const sign: StreamPart = { type: 'reasoning_signature', signature: 's', origin: 'anthropic' };
    expect(inner({ type: 'reasoning_delta', text: 'h' }, { type: 'reasoning_delta', text: 'm' }, sign, finish)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
    ]);
  });

  it('tells a refusal, a link and a picture', () => {
    expect(inner({ type: 'refusal_delta', text: 'No.' }, finish).slice(2, 4)).toEqual(['refusal.delta', 'refusal.done']);
    const link: StreamPart = { type: 'citation', citation: { type: 'citation', url: 'https://a.example' } };
    expect(inner(says('a'), link, finish)[3]).toBe('output_text.annotation.added');
    const media: StreamPart = { type: 'media', media: { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } } };
    expect(inner(media, finish)).toEqual(['output_item.added', 'image_generation_call.completed', 'output_item.done']);
  });

  it('tells a call, every piece of its arguments', () => {
    const told = events(begins(0), adds(0, '{"a"'), adds(0, ':1}'), ends(0), finish).slice(2, -1);
    expect(told.map(({ type, delta, arguments: args, name }) => [type.replace('response.', ''), delta ?? args, name])).toEqual([
      ['output_item.added', undefined, undefined],
      ['function_call_arguments.delta', '{"a"', undefined],
      ['function_call_arguments.delta', ':1}', undefined],
      ['function_call_arguments.done', '{"a":1}', 'f'],
      ['output_item.done', undefined, undefined],
    ]);
  });

  it('tells a call without arguments with an empty object', () => {
    const told = events(begins(0), ends(0), finish);
    expect(told.find(({ type }) => type.endsWith('arguments.delta'))?.['delta']).toBe('{}');
  });

  it('tells the text for a custom tool while it comes', () => {
    const writer = new ResponsesStreamWriter(shape({ tools: [{ type: 'custom', name: 'patch' }] }));
    const first = eventsOf(writer.write(begins(0, 'patch')) + writer.write(adds(0, '{"input":"a\\n')));
    expect(first.slice(2)).toMatchObject([
      { type: 'response.output_item.added', item: { type: 'custom_tool_call', name: 'patch', input: '' } },
      { type: 'response.custom_tool_call_input.delta', delta: 'a\n' },
    ]);
    const rest = eventsOf(writer.write(adds(0, 'b"}')) + writer.write(ends(0)));
    expect(rest).toMatchObject([
      { type: 'response.custom_tool_call_input.delta', delta: 'b' },
      { type: 'response.custom_tool_call_input.done', input: 'a\nb' },
      { type: 'response.output_item.done', item: { input: 'a\nb', status: 'completed' } },
    ]);
  });

  it('tells calls whose pieces alternate one after the other', () => {
    const told = events(begins(0), begins(1), adds(1, '{'), adds(0, '{'), adds(1, '}'), adds(0, '}'), ends(0), ends(1), finish);
    const places = told.slice(2, -1).map(({ output_index: index }) => index);
    expect(places).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(told.at(-1)?.['response']).toMatchObject({ output: [{ arguments: '{}' }, { arguments: '{}' }] });
  });

  it('tells an item as soon as those before it are over, and no later', () => {
    const writer = new ResponsesStreamWriter(shape());
    writer.write(begins(0));
    expect(writer.write(begins(1)) + writer.write(adds(1, '{}'))).toBe('');
    expect(eventsOf(writer.write(ends(0))).map(({ output_index: index }) => index)).toEqual([0, 0, 0, 1, 1]);
  });

  it('has probabilities in the step that they belong to', () => {
    const content = [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }];
    const told = events({ type: 'text_delta', text: 'a', logprobs: { content } }, finish);
    expect(told.filter(({ logprobs }) => logprobs !== undefined)).toMatchObject([
      { type: 'response.output_text.delta', logprobs: content },
      { type: 'response.output_text.done', logprobs: content },
    ]);
  });

  it('ends with the whole response, then the mark of the end', () => {
    const usage: StreamPart = { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } };
    const text = streamed([says('a'), finish, usage]);
    expect(eventsOf(text).at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', output: [{ content: [{ text: 'a' }] }], usage: { total_tokens: 5 } },
    });
    expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true);
  });

  it('is incomplete where the answer was cut', () => {
    const told = events(says('a'), { type: 'finish', finish: { reason: 'length' } });
    expect(told.at(-2)).toMatchObject({ type: 'response.output_item.done', item: { status: 'incomplete' } });
    expect(told.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
  });

  it('of an empty answer is lawful', async () => {
    expect(inner()).toEqual([]);
    expect(await readAsOfficialClient(streamed([]))).toMatchObject({ status: 'completed', output: [] });
  });

  it('takes the count of the gateway where the provider gave none', () => {
    const counted = { inputTokens: 1, outputTokens: 2 };
    const writer = new ResponsesStreamWriter(shape());
    expect(eventsOf(writer.finish(counted)).at(-1)?.['response']).toMatchObject({ usage: { total_tokens: 3 } });
    const told = new ResponsesStreamWriter(shape());
    told.write({ type: 'usage', usage: { inputTokens: 5, outputTokens: 5 } });
    expect(eventsOf(told.finish(counted)).at(-1)?.['response']).toMatchObject({ usage: { total_tokens: 10 } });
  });

  it('tells the first choice, and nothing behind its end', () => {
    expect(inner({ type: 'text_delta', text: 'b', choice: 1 })).toEqual([]);
    const writer = new ResponsesStreamWriter(shape());
    writer.finish();
    expect(writer.write(says('a')) + writer.finish() + writer.fail({ message: 'm', type: 't', code: null, param: null })).toBe('');
  });

  it('seals thoughts for a client that wants them, and keeps them sealed for the next turn', () => {
    const parts: StreamPart[] = [{ type: 'reasoning_encrypted', encrypted: 'x', origin: 'anthropic' }, finish];
    const writer = new ResponsesStreamWriter(shape());
    const text = parts.map((part) => writer.write(part)).join('') + writer.finish();
    expect(text).not.toContain('encrypted_content');
    expect(unsealed(writer.kept[0]?.['encrypted_content'] as string)).toEqual([
      { type: 'reasoning', text: '', encrypted: 'x', origin: 'anthropic' },
    ]);
    const told = eventsOf(streamed(parts, { store: false }));
    expect(told.at(-2)?.['item']).toEqual(writer.kept[0]);
    expect(told.at(-1)?.['response']).toMatchObject({ output: writer.kept });
  });

  it('refuses to hold more than can wait', () => {
    const writer = new ResponsesStreamWriter(shape());
    writer.write(begins(0));
    writer.write(begins(1));
    const piece = adds(1, 'x'.repeat(1024 * 1024));
    expect(() => {
      for (let i = 0; i < 9; i++) writer.write(piece);
    }).toThrow(MalformedAnswerError);
  });
});

it('a stream of calls that never end is refused before they fill the memory', () => {
  const writer = new ResponsesStreamWriter(shape());
  const name = 'f'.repeat(100_000);
  expect(() => {
    for (let i = 0; i < 200; i++) writer.write(begins(i, name));
  }).toThrow(MalformedAnswerError);
});

describe('a stream that breaks off', () => {
  const failure = { message: 'The provider closed the connection.', type: 'api_connection_error', code: '502', param: null };

  it('tells the error, then the response with what was said, and nothing more', async () => {
    const writer = new ResponsesStreamWriter(shape());
    const text = writer.write(says('Hel')) + writer.fail(failure);
    expect(eventsOf(text).slice(-2)).toMatchObject([
      { type: 'error', code: '502', message: failure.message, param: null, error: failure },
      {
        type: 'response.failed',
        response: {
          status: 'failed',
          error: { code: 'server_error', message: failure.message },
          output: [{ status: 'incomplete', content: [{ text: 'Hel' }] }],
        },
      },
    ]);
    expect(eventsOf(text).map(({ sequence_number: number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(text).not.toContain('[DONE]');
    await expect(readAsOfficialClient(text)).rejects.toMatchObject({
      name: 'Error',
      message: failure.message,
      code: '502',
      type: failure.type,
    });
  });

  it('before anything was said still begins as clients want', async () => {
    const text = new ResponsesStreamWriter(shape()).fail(failure);
    expect(eventsOf(text).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress', 'error', 'response.failed']);
    await expect(readAsOfficialClient(text)).rejects.toThrow(failure.message);
  });

  it.each([
    ['429', 'rate_limit_exceeded'],
    ['400', 'invalid_prompt'],
    ['408', 'server_error'],
    ['500', 'server_error'],
    [null, 'server_error'],
    ['context_length_exceeded', 'context_length_exceeded'],
  ])('has for the code %s the word %s', (code, word) => {
    const text = new ResponsesStreamWriter(shape()).fail({ ...failure, code });
    expect(eventsOf(text).at(-1)?.['response']).toMatchObject({ error: { code: word } });
  });
});
