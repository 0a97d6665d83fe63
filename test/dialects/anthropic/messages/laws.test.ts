import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, StreamPart } from '../../../../src/core/answer.ts';
import { foldStream } from '../../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { unfoldAnswer } from '../../../../src/core/unfold-answer.ts';
import { writeMessagesAnswer } from '../../../../src/dialects/anthropic/messages/answer.ts';
import { readStream } from '../../laws.ts';
import { wireCase, wireCases } from '../../wire-case.ts';
import { answerOf, streamParts, target, write } from '../hub.ts';
import { eventsOf, readAsOfficialClient, SHAPE, streamed, type WireEvent } from './wire.ts';

const name = fc.constantFrom('f', 'g');
const object = fc.constantFrom('{}', '{"x":1}', '{"a":[1,{"b":null}],"c":"ü"}', '{ "n": 1.50 }');
const said = fc.constantFrom('a', 'Hello ', 'ü', '\n', '{"x"', '🙂');

/** What an answer is made of, each as the parts that tell it, in order. */
const told = (call: number): fc.Arbitrary<StreamPart[]> =>
  fc.oneof(
    fc.array(said, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.map((text): StreamPart => ({ type: 'text_delta', text }))),
    fc
      .tuple(fc.array(said, { maxLength: 3 }), fc.constantFrom(null, 'anthropic', 'gemini'))
      .map(([pieces, origin]) => [
        ...pieces.map((text): StreamPart => ({ type: 'reasoning_delta', text })),
        ...(origin === null ? [] : [{ type: 'reasoning_signature' as const, signature: 'c2ln', origin }]),
      ]),
    fc.constant<StreamPart[]>([{ type: 'reasoning_encrypted', encrypted: 'ZGF0YQ==', origin: 'anthropic' }]),
    fc.constant<StreamPart[]>([{ type: 'refusal_delta', text: 'No.' }]),
    fc.record({ name, args: object, at: fc.array(fc.nat(20)) }).map(({ name: called, args, at }) => callParts(call, called, args, at)),
    fc.constant<StreamPart[]>([
      {
        type: 'native',
        native: { type: 'native', dialect: 'anthropic', raw: { type: 'server_tool_use', id: 's', name: 'w', input: { q: 1 } } },
      },
    ]),
  );

function callParts(index: number, called: string, args: string, at: readonly number[]): StreamPart[] {
  const edges = [0, ...at.filter((edge) => edge < args.length).sort((a, b) => a - b), args.length];
  return [
    { type: 'tool_call_start', index, id: `call_${index}`, name: called },
    ...edges.slice(1).map((edge, i): StreamPart => ({ type: 'tool_call_delta', index, arguments: args.slice(edges[i], edge) })),
    { type: 'tool_call_end', index },
  ];
}

const END: StreamPart[] = [
  { type: 'finish', finish: { reason: 'stop' } },
  { type: 'usage', usage: { inputTokens: 9, outputTokens: 3, cacheReadTokens: 2 } },
];

/** Usage that is known from the start: the client takes some of it from the first event alone. */
const EARLY = END.slice(1);

const lanes = fc.integer({ min: 0, max: 5 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => told(i))));

/** The lanes one after the other, or mixed as the picks say; each keeps its own order. */
function mixed(all: readonly StreamPart[][], picks: readonly number[]): StreamPart[] {
  const rest = all.map((lane) => [...lane]);
  const parts: StreamPart[] = [];
  for (const pick of picks) {
    const next = rest.length === 0 ? undefined : rest[pick % rest.length]?.shift();
    if (next) parts.push(next);
  }
  return [...parts, ...rest.flat()];
}

/** Every rule of data-plane 10.8. */
function expectLawful(events: readonly WireEvent[]): void {
  expect(events[0]?.type).toBe('message_start');
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
  let open: JsonObject | null = null;
  let next = 0;
  for (const { type, index, content_block: block, delta } of events.slice(1, -2)) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([null, next]);
      open = block as JsonObject;
    } else {
      expect([open === null, index]).toEqual([false, next]);
      if (type === 'content_block_delta') expect(DELTAS_OF[String(open?.['type'])]).toContain((delta as JsonObject)['type']);
      else expect(type).toBe('content_block_stop');
      if (type === 'content_block_stop') {
        open = null;
        next++;
      }
    }
  }
  expect(open).toBeNull();
}

const DELTAS_OF: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};

function contentTypes(answer: Answer): string[] {
  return answer.choices.flatMap(({ parts }) => parts.map(({ type }) => type));
}

/** Content without the borders between neighbouring texts, which a stream's parts do not tell. */
function joinedText(message: { readonly content?: unknown }): JsonObject {
  const content: JsonObject[] = [];
  for (const block of message.content as JsonObject[]) {
    const last = content.at(-1);
    if (block['type'] !== 'text' || last?.['type'] !== 'text') content.push({ ...block });
    else last['text'] = String(last['text']) + String(block['text']);
  }
  for (const block of content) delete block['citations'];
  return { ...message, content };
}

describe('laws of Messages streams', () => {
  it('any interleaving of parts gives blocks that open and close in order, with everything that was said', () => {
    fc.assert(
      fc.property(lanes, fc.array(fc.nat(20), { maxLength: 40 }), (all, picks) => {
        const events = eventsOf(streamed([...mixed(all, picks), ...END]));
        expectLawful(events);
        const deltas = events.map(({ delta }) => (delta ?? {}) as JsonObject);
        const count = (parts: readonly StreamPart[], member: string): number =>
          parts.reduce(
            (sum, part) => sum + (member in part && part.type !== 'reasoning_delta' ? String(part[member as never]).length : 0),
            0,
          );
        expect(deltas.map(({ text = '' }) => text as string).join('').length).toBe(count(all.flat(), 'text'));
        for (const [index, lane] of all.entries()) {
          const args = lane.map((part) => (part.type === 'tool_call_delta' ? part.arguments : '')).join('');
          if (args !== '') expect(inputOf(events, `call_${index}`)).toBe(args);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('folds to the message that the whole answer is', async () => {
    await fc.assert(
      fc.asyncProperty(lanes, async (all) => {
        const parts = [...all.flat(), ...END];
        const answer = foldStream(parts);
        // Whole answers are put in order: thoughts, text, calls. Streams tell what they get.
        const types = contentTypes(answer);
        fc.pre(types.includes('native') || types.every((type, i) => i === 0 || rank(types[i - 1]) <= rank(type)));
        const whole = JSON.parse(JSON.stringify(writeMessagesAnswer(answer, SHAPE))) as JsonObject;
        expect(plain(await readAsOfficialClient(streamed([...EARLY, ...parts])))).toEqual(whole);
        expect(plain(await readAsOfficialClient(streamed([...EARLY, ...unfoldAnswer(answer)])))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('is lawful and closed for a thousand sequences of parts that no provider would send', () => {
    const index = fc.nat(3);
    const odd = fc.constantFrom('', ' ', '{', '[', 'null', '}', 'x'.repeat(2000), '\u0000', '\ud800');
    const native = fc.oneof(
      fc.anything(),
      fc.record({ type: odd }),
      fc.record({ citations: fc.array(fc.anything()) }),
      fc.record({ type: odd, input: fc.object() }),
    );
    const choice = fc.constantFrom(undefined, 0, 0, 0, 1, -1);
    const part = fc.oneof(
      fc.record({ type: fc.constantFrom('text_delta', 'reasoning_delta', 'refusal_delta'), text: odd, choice }),
      fc.record({ type: fc.constant('reasoning_signature'), signature: odd, origin: odd, choice }),
      fc.record({ type: fc.constant('reasoning_encrypted'), encrypted: odd, origin: odd }),
      fc.record({ type: fc.constant('tool_call_start'), index, id: odd, name: odd, choice }),
      fc.record({ type: fc.constant('tool_call_delta'), index, arguments: odd, choice }),
      fc.record({ type: fc.constant('tool_call_end'), index }),
      fc.record({ type: fc.constant('citation'), citation: fc.record({ type: fc.constant('citation'), url: odd }) }),
      fc.record({ type: fc.constant('media'), media: fc.constant({ type: 'media', kind: 'image', source: { type: 'url', url: 'x' } }) }),
      fc.record({
        type: fc.constant('native'),
        native: fc.record({ type: fc.constant('native'), dialect: fc.constantFrom('anthropic', 'openai'), raw: native }),
      }),
      fc.record({
        type: fc.constant('finish'),
        finish: fc.record({ reason: fc.constantFrom('stop', 'length', 'tool_calls'), native: odd }),
      }),
      fc.record({ type: fc.constant('start'), id: odd }),
      fc.record({
        type: fc.constant('usage'),
        usage: fc.record({ inputTokens: fc.nat(9), outputTokens: fc.nat(9), cacheReadTokens: fc.nat(20) }),
      }),
    ) as fc.Arbitrary<StreamPart>;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const events = eventsOf(streamed(parts));
        const known = events.filter(({ type }) => !type.startsWith('message'));
        expect(known.filter(({ type }) => type === 'content_block_start').length).toBe(
          known.filter(({ type }) => type === 'content_block_stop').length,
        );
        expectPlaces(known);
        const ids = known.flatMap(({ content_block: block }) =>
          (block as JsonObject)?.['type'] === 'tool_use' ? [(block as JsonObject)['id']] : [],
        );
        for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Blocks one after the other, each opened and closed once. */
function expectPlaces(events: readonly WireEvent[]): void {
  let place = -1;
  let isOpen = false;
  for (const { type, index } of events) {
    if (type === 'content_block_start') place++;
    expect(index).toBe(place);
    expect(isOpen).toBe(type !== 'content_block_start');
    isOpen = type !== 'content_block_stop';
  }
  expect(isOpen).toBe(false);
}

function rank(type: string | undefined): number {
  if (type === 'reasoning') return 0;
  return type === 'tool_call' ? 2 : 1;
}

function inputOf(events: readonly WireEvent[], id: string): string {
  const place = events.find(({ content_block: block }) => (block as JsonObject)?.['id'] === id)?.['index'];
  return events
    .filter(({ type, index }) => type === 'content_block_delta' && index === place)
    .map(({ delta }) => (delta as { partial_json: string }).partial_json)
    .join('');
}

/** The message as JSON, without what the client adds. */
function plain(message: object): JsonObject {
  const { parsed_output: _, ...wire } = JSON.parse(JSON.stringify(message)) as JsonObject;
  return wire;
}

describe('answers of Anthropic, read and written again', () => {
  const whole = wireCases('anthropic').filter((name) => isMessage(wireCase(name).response));
  /** Members that the hub has no word for, or counts otherwise. */
  const same = (message: JsonObject): JsonObject => {
    const { usage: _, model: __, ...rest } = joinedText(message);
    return rest;
  };

  it.each(whole)('%s is the same message', (name) => {
    const response = wireCase(name).response as JsonObject;
    const written = JSON.parse(JSON.stringify(writeMessagesAnswer(answerOf(name.replace('anthropic/', '')), SHAPE))) as JsonObject;
    expect(same(written)).toEqual(same({ stop_sequence: null, ...response }));
  });

  it.each(whole.filter((name) => wireCase(name).stream.includes('message_stop')))('%s streams to the same message', async (name) => {
    const told = streamed(streamParts(name.replace('anthropic/', '')));
    const message = plain(await readAsOfficialClient(told));
    expect(same(message)).toEqual(same({ stop_sequence: null, ...(wireCase(name).response as JsonObject) }));
    expect(counted(readStream([told], 'sse', write({}, target()).reader()))).toEqual(counted(streamParts(name.replace('anthropic/', ''))));
  });

  it.each(whole)('%s costs the same', (name) => {
    const answer = answerOf(name.replace('anthropic/', ''));
    const written = JSON.parse(JSON.stringify(writeMessagesAnswer(answer, SHAPE))) as JsonObject;
    expect(counted(unfoldAnswer(write({}, target()).answer(written)))).toEqual(counted(unfoldAnswer(answer)));
  });
});

/** What was used, without the provider's own object. */
function counted(parts: readonly StreamPart[]): unknown {
  return parts.flatMap((part) => (part.type === 'usage' ? [{ ...part.usage, raw: null }] : []));
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'content' in value;
}
