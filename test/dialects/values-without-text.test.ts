import { expect, test } from 'vitest';
import { ProviderError } from '../../src/core/provider-error.ts';
import { readingMessages } from '../../src/dialects/anthropic/index.ts';
import { mendAnswer } from '../../src/dialects/openai/chat/mend-answer.ts';
import { ChatPassThrough } from '../../src/dialects/openai/chat/pass-through.ts';
import { readError } from '../../src/dialects/openai/errors.ts';

/** JavaScript cannot make a text or a number of it. */
const ODD = JSON.parse('{"toString": null, "valueOf": null}') as unknown;
const CALL = { function: { name: ODD, arguments: '{}' } };

test('where a whole answer holds an object that cannot become text, nothing of ours breaks', () => {
  const answer = { id: ODD, created: ODD, choices: [{ index: 0, message: { role: 'assistant', tool_calls: [CALL] } }] };
  expect(mendAnswer(Buffer.from(JSON.stringify(answer)), 'm').body.toString()).toContain('tool_calls');
});

test('where a stream does, nothing of ours breaks', () => {
  const chunk = {
    id: ODD,
    created: ODD,
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] } }],
  };
  const stream = new ChatPassThrough({ clientModel: 'm', keepUsage: true });
  expect(stream.push(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`))).toContain('tool_calls');

  const delta = { type: 'content_block_delta', index: 0, delta: { type: ODD } };
  expect(
    readingMessages()
      .reader()
      .push({ event: null, data: JSON.stringify(delta) }),
  ).toEqual([]);
});

test.each([200, 400])('an error of status %i that does is an error of the provider', (status) => {
  const body = JSON.stringify({ error: { message: 'no', code: ODD, status: ODD }, detail: [{ loc: [ODD], msg: 'no' }] });
  expect(readError({ status, headers: {}, body })).toBeInstanceOf(ProviderError);
});
