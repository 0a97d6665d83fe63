import { describe, expect, test } from 'vitest';
import { foldStream } from '../../src/core/fold-stream.ts';
import { unfoldAnswer } from '../../src/core/unfold-answer.ts';
import { readChatAnswer } from '../../src/dialects/openai/chat/read-answer.ts';
import { ChatStreamReader } from '../../src/dialects/openai/chat/stream-reader.ts';
import { retoldChat } from '../../src/exchange/codecs/retold-chat.ts';
import { canonical, readStream } from '../dialects/laws.ts';
import { wireCase, wireCases } from '../dialects/wire-case.ts';

const ANSWERS = wireCases('openai').filter(
  (name) => !name.includes('error') && wireCase(name).response !== undefined && !name.includes('filter'),
);

describe.each(ANSWERS)('%s', (name) => {
  const answer = readChatAnswer(wireCase(name).response);

  test('unfolding and folding an answer gives the answer', () => {
    expect(canonical(foldStream(unfoldAnswer(answer)))).toEqual(canonical(answer));
  });

  test('the stream that retells an answer says what the answer says', () => {
    const text = Buffer.from(retoldChat(Buffer.from(JSON.stringify(wireCase(name).response)), 'm', true), 'latin1');
    const told = canonical(foldStream(readStream([text], 'sse', new ChatStreamReader())));
    const said = canonical(answer);
    expect(told.usage?.inputTokens).toBe(said.usage?.inputTokens);
    expect(told.choices.map(({ finish, index, parts }) => ({ reason: finish.reason, index, parts: parts.filter(isSpoken) }))).toEqual(
      said.choices.map(({ finish, index, parts }) => ({ reason: finish.reason, index, parts: parts.filter(isSpoken) })),
    );
  });
});

/** Thoughts come twice where a provider tells them in two forms; both are there, and the reader above joins them. */
const isSpoken = ({ type }: { type: string }): boolean => type === 'text' || type === 'refusal' || type === 'tool_call';
