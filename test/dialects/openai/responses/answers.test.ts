import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import { writeResponse } from '../../../../src/dialects/openai/responses/answer.ts';
import { unsealed } from '../../../../src/dialects/openai/responses/sealed.ts';
import { answerWith, kept, outputOf, plain, responded, shape } from './wire.ts';

const text = (said: string): Part => ({ type: 'text', text: said });
const call = (id: string, args = '{"a":1}'): Part => ({ type: 'tool_call', id, name: 'f', arguments: args });
const signed: Part = { type: 'reasoning', text: 'hm', signature: 'c2ln', origin: 'anthropic' };
const hidden: Part = { type: 'reasoning', text: '', encrypted: 'ZGF0YQ==', origin: 'anthropic' };
const outputText = (said: string): JsonObject => ({ type: 'output_text', text: said, annotations: [], logprobs: [] });

describe('a whole response', () => {
  it('has every member that a client looks for', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 7,
      cacheReadTokens: 60,
      cacheWriteTokens: 20,
      cacheWriteHourTokens: 10,
      reasoningTokens: 4,
    };
    expect(responded(answerWith([text('Hello')], { id: 'chatcmpl-1', model: 'upstream', created: 5, usage }))).toEqual({
      id: 'resp_gateway',
      object: 'response',
      created_at: 1_700_000_000,
      status: 'completed',
      background: false,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      model: 'public-name',
      output: [
        {
          id: expect.stringMatching(/^msg_[0-9a-f]{48}$/) as string,
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [outputText('Hello')],
        },
      ],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: 'default',
      store: true,
      temperature: 1,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 107,
      },
      user: null,
    });
  });

  it('repeats what the client asked for, as it asked', () => {
    const members = {
      instructions: 'Be kind.',
      max_output_tokens: 50,
      max_tool_calls: 2,
      metadata: { a: 'b' },
      parallel_tool_calls: false,
      previous_response_id: 'resp_1',
      prompt_cache_key: 'k',
      reasoning: { effort: 'low', summary: 'auto' },
      safety_identifier: 's',
      store: false,
      temperature: 0.5,
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      tool_choice: { type: 'custom', name: 'p' },
      tools: [{ type: 'custom', name: 'p' }, { type: 'file_search' }],
      top_logprobs: 3,
      top_p: 0.9,
      truncation: 'auto',
      user: 'u',
    };
    expect(responded(answerWith([]), members)).toMatchObject(members);
  });

  it('tells the tier that served it, else the one that was asked for', () => {
    const usage = { inputTokens: 1, outputTokens: 1, serviceTier: 'flex' };
    expect(responded(answerWith([], { usage }), { service_tier: 'auto' })['service_tier']).toBe('flex');
    expect(responded(answerWith([]), { service_tier: 'priority' })['service_tier']).toBe('priority');
  });

  it('has zeros for usage where none was counted', () => {
    expect(responded(answerWith([]))['usage']).toMatchObject({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
  });

  it.each([
    ['stop', 'completed', null],
    ['tool_calls', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
  ] as const)('that ended by %s is %s', (reason, status, details) => {
    const answer = { choices: [{ index: 0, parts: [text('a')], finish: { reason } }] };
    expect(responded(answer)).toMatchObject({ status, incomplete_details: details, output: [{ status }] });
  });

  it('is the first choice alone, and empty without one', () => {
    const other = { index: 1, parts: [text('b')], finish: { reason: 'length' as const } };
    const answer = answerWith([text('a')]);
    expect(responded({ choices: [...answer.choices, other] })).toEqual(responded(answer));
    expect(responded({ choices: [] })).toMatchObject({ status: 'completed', output: [] });
  });
});

describe('items of an answer', () => {
  it('are thoughts, text and calls, in this order', () => {
    expect(outputOf([call('a'), text('Hello'), { type: 'reasoning', text: 'hm' }, call('b')])).toEqual([
      { id: expect.stringMatching(/^rs_/) as string, type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      {
        id: expect.stringMatching(/^msg_/) as string,
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [outputText('Hello')],
      },
      ...['a', 'b'].map((id) => ({
        id: expect.stringMatching(/^fc_/) as string,
        type: 'function_call',
        status: 'completed',
        call_id: id,
        name: 'f',
        arguments: '{"a":1}',
      })),
    ]);
  });

  it('keep the order of the provider where its thoughts are signed', () => {
    expect(outputOf([text('a'), signed, call('c'), hidden]).map(({ type }) => type)).toEqual([
      'message',
      'reasoning',
      'function_call',
      'reasoning',
    ]);
  });

  it('have ids of their own, the same each time', () => {
    const ids = (): unknown[] => outputOf([text('a'), call('c'), call('d')]).map(({ id }) => id);
    expect(new Set(ids()).size).toBe(3);
    expect(ids()).toEqual(ids());
    const elsewhere = plain(writeResponse(answerWith([text('a')]), { ...shape(), id: 'resp_other' }))['output'] as JsonObject[];
    expect(elsewhere[0]?.['id']).not.toBe(ids()[0]);
  });

  it('hold a refusal apart from the text', () => {
    expect(outputOf([text('Well.'), { type: 'refusal', text: 'No.' }])[0]?.['content']).toEqual([
      outputText('Well.'),
      { type: 'refusal', refusal: 'No.' },
    ]);
  });

  it('mark the text with its links, also those that came before it', () => {
    const cited = (url: string, rest: object = {}): Part => ({ type: 'citation', url, ...rest });
    const parts = [cited('https://a.example', { title: 'A', start: 1, end: 3 }), text('Hello'), cited('https://b.example')];
    expect(outputOf(parts)[0]?.['content']).toMatchObject([
      {
        annotations: [
          { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 1, end_index: 3 },
          { type: 'url_citation', url: 'https://b.example', title: '', start_index: 0, end_index: 0 },
        ],
      },
    ]);
  });

  it('have the probabilities of the text', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }] };
    const answer = { choices: [{ index: 0, parts: [text('a')], finish: { reason: 'stop' as const }, logprobs }] };
    expect(responded(answer)['output']).toMatchObject([{ content: [{ logprobs: logprobs.content }] }]);
  });

  it('call a function without arguments with an empty object, and are incomplete where arguments are cut', () => {
    expect(outputOf([call('a', ''), call('b', '{"x"')])).toMatchObject([
      { arguments: '{}', status: 'completed' },
      { arguments: '{"x"', status: 'incomplete' },
    ]);
  });

  it('give a call without an id one that is derived', () => {
    const [first, second] = outputOf([call(''), call('')]);
    expect(first?.['call_id']).toMatch(/^call_[0-9a-f]{24}$/);
    expect(second?.['call_id']).not.toBe(first?.['call_id']);
  });

  it('hold a picture that the model made', () => {
    const picture: Part = { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/webp', signature: 's' };
    expect(outputOf([picture])).toEqual([
      {
        id: expect.stringMatching(/^ig_/) as string,
        type: 'image_generation_call',
        status: 'completed',
        result: 'AAAA',
        output_format: 'webp',
        provider_specific_fields: { thought_signature: 's' },
      },
    ]);
  });
});

describe('thoughts', () => {
  const parts = [signed, hidden, { type: 'reasoning', text: 'more' } as const, text('Hello')];

  it('of several blocks are one item, with a part of the summary for each that can be read', () => {
    expect(outputOf(parts)[0]).toEqual({
      id: expect.any(String) as string,
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'hm' },
        { type: 'summary_text', text: 'more' },
      ],
    });
  });

  it.each([{ include: ['reasoning.encrypted_content'] }, { store: false }])('are sealed for a client that says %j', (members) => {
    const [item] = outputOf(parts, members);
    expect(unsealed(item?.['encrypted_content'] as string)).toEqual(parts.slice(0, 3));
  });

  it('are sealed in what is kept for the next turn, whatever the client asked for', () => {
    const items = kept(answerWith(parts));
    expect(unsealed(items[0]?.['encrypted_content'] as string)).toEqual(parts.slice(0, 3));
    expect(items.map(({ id }) => id)).toEqual(outputOf(parts).map(({ id }) => id));
  });

  it('bring back details that OpenRouter gave beside them', () => {
    const details = (text: string): Part => ({ type: 'native', dialect: 'openai', raw: { reasoning_details: [{ text }] } });
    const [item] = kept(answerWith([{ type: 'reasoning', text: 'hm' }, details('a'), details('b')]));
    expect(unsealed(item?.['encrypted_content'] as string)).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'native', dialect: 'openai', raw: { reasoning_details: [{ text: 'a' }, { text: 'b' }] } },
    ]);
  });

  it.each([
    '',
    'gAAAAABo',
    'gateway.1.',
    'gateway.1.!!',
    `gateway.1.${Buffer.from('[{"type":"reasoning"},7,{"type":"native"}]').toString('base64url')}`,
  ])('of another hand are not read: %s', (text) => {
    expect(unsealed(text)).toEqual([]);
  });
});

describe('what the provider wants back beside the content', () => {
  const steps: Part = { type: 'native', dialect: 'gemini', raw: { thought_signatures: ['s1'], other: 1 } };

  it('stands with the item that it belongs to', () => {
    expect(outputOf([text('a'), steps])[0]).toMatchObject({ provider_specific_fields: { thought_signatures: ['s1'] } });
    expect(outputOf([{ type: 'tool_call', id: 'c', name: 'f', arguments: '{}', signature: 's2' }])[0]).toMatchObject({
      provider_specific_fields: { thought_signature: 's2' },
    });
  });

  it('waits for an item, and does not join members that nobody wants', () => {
    expect(outputOf([steps, text('a')])[0]?.['provider_specific_fields']).toEqual({ thought_signatures: ['s1'] });
  });

  it('is nothing of a block that only its dialect knows', () => {
    const block: Part = { type: 'native', dialect: 'anthropic', raw: { type: 'server_tool_use', id: 's' } };
    expect(outputOf([text('a'), block, text('b')])).toEqual(outputOf([text('ab')]));
  });
});
