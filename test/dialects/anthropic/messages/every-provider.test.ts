import { describe, expect, it } from 'vitest';
import type { OutwardDialect } from '../../../../src/core/dialect.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { createCohere } from '../../../../src/dialects/cohere/index.ts';
import { forOtherHost } from '../../../../src/dialects/anthropic/messages/other-host.ts';
import { writeMessagesAnswer } from '../../../../src/dialects/anthropic/messages/answer.ts';
import { ollama } from '../../../../src/dialects/ollama/index.ts';
import { openai } from '../../../../src/dialects/openai/index.ts';
import { readStream } from '../../laws.ts';
import { target } from '../../targets.ts';
import { wireCase, wireCases } from '../../wire-case.ts';
import { read, readAsOfficialClient, SHAPE, streamed } from './wire.ts';

const DIALECTS: Readonly<Record<string, OutwardDialect>> = { openai, ollama, cohere: createCohere() };

const CASES = Object.entries(DIALECTS).flatMap(([name, dialect]) =>
  wireCases(name)
    .map((path) => ({ name: path, dialect, ...wireCase(path) }))
    .filter(({ stream, response }) => stream.length > 0 && isAnswer(response)),
);

/** Borders between neighbouring texts and the place of links are not told alike by streams and whole answers. */
function withoutBorders({ content, ...message }: JsonObject): JsonObject {
  const blocks = content as JsonObject[];
  const text = blocks.map((block) => (block['type'] === 'text' ? String(block['text']) : '')).join('');
  return { ...message, usage: null, text, others: blocks.filter(({ type }) => type !== 'text') };
}

describe('an answer of any provider', () => {
  it.each(CASES)('$name: official client folds its stream to the whole message', async ({ dialect, stream, response }) => {
    const { request } = forOtherHost(read());
    const chat = dialect.chat(request, target('p', 'm'));
    const parts = readStream([stream], chat.framing, chat.reader());
    const { parsed_output: _, ...told } = JSON.parse(JSON.stringify(await readAsOfficialClient(streamed(parts)))) as JsonObject;
    const whole = JSON.parse(JSON.stringify(writeMessagesAnswer(chat.answer(response), SHAPE))) as JsonObject;
    expect(withoutBorders(told)).toEqual(withoutBorders(whole));
    // These the client takes from the first event alone, where no provider but Anthropic tells them.
    const { service_tier: __, cache_creation: ___, ...used } = whole['usage'] as JsonObject;
    expect(told['usage']).toEqual(used);
  });
});

function isAnswer(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('error' in body);
}
