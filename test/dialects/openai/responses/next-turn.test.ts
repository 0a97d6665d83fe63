import { describe, expect, it } from 'vitest';
import type { OutwardDialect } from '../../../../src/core/dialect.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import type { ChatRequest } from '../../../../src/core/request.ts';
import { unfoldAnswer } from '../../../../src/core/unfold-answer.ts';
import { anthropic } from '../../../../src/dialects/anthropic/index.ts';
import { createCohere } from '../../../../src/dialects/cohere/index.ts';
import { createGemini } from '../../../../src/dialects/gemini/index.ts';
import { ollama } from '../../../../src/dialects/ollama/index.ts';
import { writeChatAnswer } from '../../../../src/dialects/openai/chat/answer.ts';
import { readChatRequest } from '../../../../src/dialects/openai/chat/request.ts';
import { openai } from '../../../../src/dialects/openai/index.ts';
import { inputItems, itemsOfNextTurn } from '../../../../src/dialects/openai/responses/input-items.ts';
import { readResponsesRequest } from '../../../../src/dialects/openai/responses/request.ts';
import { ResponsesStreamWriter } from '../../../../src/dialects/openai/responses/stream.ts';
import { target } from '../../targets.ts';
import { answerWith, kept, outputOf, plain, read, shape } from './wire.ts';

const DIALECTS: readonly (readonly [string, OutwardDialect, string])[] = [
  ['openai', openai, 'gpt-5'],
  ['anthropic', anthropic, 'claude-sonnet-4-5'],
  ['gemini', createGemini(), 'gemini-3-flash'],
  ['ollama', ollama, 'qwen3'],
  ['cohere', createCohere(), 'command-a-reasoning'],
];

const PARAMETERS = { type: 'object', properties: { a: { type: 'number' } } };
const call = (id: string, signature?: string): Part => ({
  type: 'tool_call',
  id,
  name: 'f',
  arguments: '{"a": 1.50}',
  ...(signature === undefined ? {} : { signature }),
});

/** Answers with something of a provider that it wants back. */
const ANSWERS: readonly (readonly [string, readonly Part[]])[] = [
  ['text', [{ type: 'text', text: 'Let me see.' }, call('call_a'), call('call_b')]],
  ['calls alone', [call('call_a'), call('call_b')]],
  ['plain thoughts', [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Let me see.' }, call('call_a'), call('call_b')]],
  [
    'signed and hidden thoughts',
    [
      { type: 'reasoning', text: 'hm', signature: 'c2ln', origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'ZGF0YQ==', origin: 'anthropic' },
      { type: 'text', text: 'Let me see.' },
      call('call_a'),
      call('call_b'),
    ],
  ],
  ['signed calls', [call('call_a', 'c2ln'), call('call_b')]],
  [
    'signed text',
    [
      { type: 'text', text: 'Let me see.' },
      { type: 'native', dialect: 'gemini', raw: { thought_signatures: ['c2ln'] } },
      call('call_a'),
      call('call_b'),
    ],
  ],
  [
    'details of thoughts',
    [
      { type: 'reasoning', text: 'hm' },
      { type: 'native', dialect: 'openai', raw: { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] } },
      { type: 'text', text: 'Let me see.' },
      call('call_a'),
      call('call_b'),
    ],
  ],
];

const RESULTS = [
  { type: 'function_call_output', call_id: 'call_a', output: 'one' },
  { type: 'function_call_output', call_id: 'call_b', output: [{ type: 'input_text', text: 'two' }] },
  { role: 'user', content: 'Go on.' },
];

/** The second turn as a client of the chat API asks for it. */
function chatTurn(parts: readonly Part[]): ChatRequest {
  const answer = plain(writeChatAnswer(answerWith(parts), { id: 'chatcmpl-1', model: 'm', created: 1 }));
  const [{ message }] = answer['choices'] as [{ message: JsonObject }];
  const messages = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi' },
    message,
    { role: 'tool', tool_call_id: 'call_a', content: 'one' },
    { role: 'tool', tool_call_id: 'call_b', content: 'two' },
    { role: 'user', content: 'Go on.' },
  ];
  return readChatRequest({ messages, tools: [{ type: 'function', function: { name: 'f', parameters: PARAMETERS } }] }, 'group');
}

/** The same turn as a client of this API asks for it. */
function nextTurn(items: readonly JsonObject[]): ChatRequest {
  const tools = [{ type: 'function', name: 'f', parameters: PARAMETERS }];
  return read({ instructions: 'Be kind.', tools, input: [...items, ...RESULTS] }).request;
}

describe('the next turn', () => {
  const each = DIALECTS.flatMap(([name, dialect, model]) => ANSWERS.map(([what, parts]) => ({ name, dialect, model, what, parts })));

  it.each(each)('asks $name for the same as the equal chat: $what', ({ dialect, model, parts }) => {
    const asks = (request: ChatRequest): JsonObject => plain(dialect.chat(request, target(dialect.name, model)).body);
    const expected = asks(chatTurn(parts));
    expect(asks(nextTurn([...inputItems('Hi', () => null), ...kept(answerWith(parts))]))).toEqual(expected);
    // A client that keeps the history itself brings back what it was shown.
    expect(asks(nextTurn([{ role: 'user', content: 'Hi' }, ...outputOf(parts, { store: false })]))).toEqual(expected);
  });

  it.each(ANSWERS)('after a stream is that after the whole answer: %s', (_, parts) => {
    const writer = new ResponsesStreamWriter(shape());
    for (const part of unfoldAnswer(answerWith(parts))) writer.write(part);
    writer.finish();
    expect(plain(writer.kept)).toEqual(plain(kept(answerWith(parts))));
  });

  it('begins with the items of the one before, not with its instructions', () => {
    const first = read({ instructions: 'Once.', input: 'Hi' });
    const output = kept(answerWith([{ type: 'text', text: 'Hello' }]));
    const before = itemsOfNextTurn({ input: first.asked.input, output });
    const second = readResponsesRequest({ input: [...before, ...inputItems('More', () => null)], previous_response_id: 'resp_1' }, 'group');
    expect(second.request.messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] },
      { role: 'user', parts: [{ type: 'text', text: 'More' }] },
    ]);
  });

  it('grows by concatenation, turn by turn', () => {
    const output = kept(answerWith([call('call_a')]));
    const first = itemsOfNextTurn({ input: read().asked.input, output });
    const second = itemsOfNextTurn({ input: [...first, ...RESULTS], output });
    expect(second.slice(0, first.length)).toEqual(first);
    expect(read({ input: second }).request.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'tool',
      'user',
      'assistant',
    ]);
  });

  it('brings a custom call back as the provider made it', () => {
    const tools = [{ type: 'custom', name: 'patch' }];
    const wire: Part = { type: 'tool_call', id: 'c', name: 'patch', arguments: '{"input":"a\\nb"}' };
    expect(read({ tools, input: outputOf([wire], { tools }) }).request.messages).toEqual([{ role: 'assistant', parts: [wire] }]);
  });
});
