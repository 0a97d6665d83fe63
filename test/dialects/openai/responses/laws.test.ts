import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../src/core/answer.ts';
import type { Framing, OutwardDialect } from '../../../../src/core/dialect.ts';
import { foldStream } from '../../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { unfoldAnswer } from '../../../../src/core/unfold-answer.ts';
import { anthropic } from '../../../../src/dialects/anthropic/index.ts';
import { createCohere } from '../../../../src/dialects/cohere/index.ts';
import { createGemini } from '../../../../src/dialects/gemini/index.ts';
import { ollama } from '../../../../src/dialects/ollama/index.ts';
import { openai } from '../../../../src/dialects/openai/index.ts';
import { readStream } from '../../laws.ts';
import { target } from '../../targets.ts';
import { wireCase, wireCases } from '../../wire-case.ts';
import { eventsOf, readAsOfficialClient, responded, streamed, type WireEvent } from './wire.ts';

/** The client's tools, one of each kind. */
const TOOLS: JsonObject = {
  tools: [
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'c' },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'g' }] },
  ],
};

const name = fc.constantFrom('f', 'c', 'n__g');
const object = fc.constantFrom('{}', '{"x":1}', '{"input":"a\\n\\u00fc🙂"}', '{ "n": 1.50 }');
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
    fc.constant<StreamPart[]>([{ type: 'media', media: { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } } }]),
    fc.record({ name, args: object, at: fc.array(fc.nat(20)) }).map(({ name: called, args, at }) => callParts(call, called, args, at)),
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

/** Every rule of data-plane 10.9. */
function expectLawful(events: readonly WireEvent[]): void {
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, i) => i));
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
  const last = events.at(-1);
  expect(last?.type).toMatch(/^response\.(completed|incomplete)$/);
  const output = outputIn(last);
  const inner = events.slice(2, -1);
  // One item after the other, each at its place in the final output.
  const places = inner.map(({ output_index: index }) => index as number);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  for (const [index, item] of output.entries())
    expectItem(
      inner.filter(({ output_index: at }) => at === index),
      item,
    );
  expect(new Set(places).size).toBe(output.length);
}

/** `output` of the response that an event shows. */
function outputIn(event: WireEvent | undefined): JsonObject[] {
  return (event as unknown as { response: { output: JsonObject[] } }).response.output;
}

/** What the events of one item say is what it is in the end, step by step. */
function expectItem(events: readonly WireEvent[], item: JsonObject): void {
  const [added, ...rest] = events;
  const steps = rest.slice(0, -1);
  expect(added).toMatchObject({ type: 'response.output_item.added', item: { id: item['id'], type: item['type'] } });
  expect(rest.at(-1)).toMatchObject({ type: 'response.output_item.done' });
  for (const step of steps) expect(step['item_id']).toBe(item['id']);
  const done = rest.at(-1)?.['item'] as JsonObject;
  expect(bare(done)).toEqual(bare(item));
  const sums = new Map<string, string>();
  for (const { type, delta, content_index: content, summary_index: summary, ...step } of steps) {
    const place = `${type.replace(/\.(delta|done)$/, '')} ${JSON.stringify(content ?? summary)}`;
    if (type.endsWith('.delta')) sums.set(place, (sums.get(place) ?? '') + String(delta));
    const whole = step['text'] ?? step['refusal'] ?? step['arguments'] ?? step['input'];
    if (type.endsWith('.done') && whole !== undefined) expect(sums.get(place) ?? '').toBe(whole);
  }
}

/** Without what may still join an item that is told: links and probabilities that come late. */
function bare(item: JsonObject): JsonObject {
  const { provider_specific_fields: _, ...rest } = item;
  if (!Array.isArray(rest['content'])) return rest;
  return { ...rest, content: rest['content'].map((part: JsonObject) => ({ ...part, annotations: null, logprobs: null })) };
}

function rank(type: string | undefined): number {
  if (type === 'reasoning') return 0;
  return type === 'tool_call' ? 2 : 1;
}

describe('laws of Responses streams', () => {
  it('any interleaving of parts gives items one after the other, with everything that was said', () => {
    fc.assert(
      fc.property(lanes, fc.array(fc.nat(20), { maxLength: 40 }), (all, picks) => {
        const events = eventsOf(streamed([...mixed(all, picks), ...END], TOOLS));
        expectLawful(events);
        const deltas = (type: string): number =>
          events.filter((event) => event.type === type).reduce((sum, { delta }) => sum + (delta as string).length, 0);
        const given = (type: StreamPart['type']): number =>
          all.flat().reduce((sum, part) => sum + (part.type === type && 'text' in part ? part.text.length : 0), 0);
        expect(deltas('response.output_text.delta')).toBe(given('text_delta'));
        expect(deltas('response.reasoning_summary_text.delta')).toBe(given('reasoning_delta'));
        expect(deltas('response.refusal.delta')).toBe(given('refusal_delta'));
        const output = outputIn(events.at(-1));
        for (const [index, lane] of all.entries()) {
          const args = lane.map((part) => (part.type === 'tool_call_delta' ? part.arguments : '')).join('');
          const call = output.find(({ call_id: id }) => id === `call_${index}`);
          if (call?.['type'] === 'function_call') expect(call['arguments']).toBe(args);
          if (call?.['type'] === 'custom_tool_call')
            expect([args, (JSON.parse(args) as { input?: string }).input]).toContain(call['input']);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('folds to the response that the whole answer is, for the official client', async () => {
    await fc.assert(
      fc.asyncProperty(lanes, fc.boolean(), async (all, store) => {
        const parts = [...all.flat(), ...END];
        const answer = foldStream(parts);
        // Whole answers without proofs are put in order: thoughts, text, calls. Streams tell what they get.
        const types = answer.choices.flatMap(({ parts: given }) => given.map(({ type }) => type));
        const isProven = parts.some(({ type }) => type === 'reasoning_signature' || type === 'reasoning_encrypted');
        fc.pre(isProven || types.every((type, i) => i === 0 || rank(types[i - 1]) <= rank(type)));
        const members = { ...TOOLS, store };
        const whole = responded(answer, members);
        expect(await readAsOfficialClient(streamed(parts, members))).toEqual(whole);
        expect(await readAsOfficialClient(streamed(unfoldAnswer(answer), members))).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  it('is lawful for a thousand sequences of parts that no provider would send', () => {
    const index = fc.nat(3);
    const odd = fc.constantFrom('', ' ', '{', '[', 'null', '}', '{"input":"', '\\u00', 'x'.repeat(2000), '\u0000', '\ud800', 'f', 'c');
    const choice = fc.constantFrom(undefined, 0, 0, 0, 1, -1);
    const raw = fc.oneof(
      fc.anything(),
      fc.record({ type: odd }),
      fc.record({ thought_signatures: fc.array(fc.anything()) }),
      fc.record({ reasoning_details: fc.array(fc.anything()) }),
    );
    const part = fc.oneof(
      fc.record({ type: fc.constantFrom('text_delta', 'reasoning_delta', 'refusal_delta'), text: odd, choice, logprobs: fc.anything() }),
      fc.record({ type: fc.constant('reasoning_signature'), signature: odd, origin: odd, choice }),
      fc.record({ type: fc.constant('reasoning_encrypted'), encrypted: odd, origin: odd }),
      fc.record({ type: fc.constant('tool_call_start'), index, id: odd, name: odd, choice }),
      fc.record({ type: fc.constant('tool_call_delta'), index, arguments: odd, choice }),
      fc.record({ type: fc.constant('tool_call_end'), index }),
      fc.record({ type: fc.constant('citation'), citation: fc.record({ type: fc.constant('citation'), url: odd }) }),
      fc.record({
        type: fc.constant('media'),
        media: fc.record({
          type: fc.constant('media'),
          kind: fc.constantFrom('image', 'audio'),
          source: fc.constantFrom({ type: 'url', url: 'x' }, { type: 'data', data: 'x' }),
        }),
      }),
      fc.record({
        type: fc.constant('native'),
        native: fc.record({ type: fc.constant('native'), dialect: fc.constantFrom('anthropic', 'openai', 'gemini'), raw }),
      }),
      fc.record({ type: fc.constant('finish'), finish: fc.record({ reason: fc.constantFrom('stop', 'length', 'content_filter') }) }),
      fc.record({ type: fc.constant('start'), id: odd }),
      fc.record({ type: fc.constant('usage'), usage: fc.record({ inputTokens: fc.nat(9), outputTokens: fc.nat(9) }) }),
    ) as fc.Arbitrary<StreamPart>;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        expectLawful(eventsOf(streamed(parts, TOOLS)));
      }),
      { numRuns: 1000 },
    );
  });
});

const DIALECTS: readonly (readonly [string, OutwardDialect, string, Framing])[] = [
  ['openai', openai, 'gpt-5', 'sse'],
  ['anthropic', anthropic, 'claude-sonnet-4-5', 'sse'],
  ['gemini', createGemini(), 'gemini-3-flash', 'sse'],
  ['ollama', ollama, 'qwen3', 'ndjson'],
  ['cohere', createCohere(), 'command-a', 'sse'],
];

describe('streams of providers', () => {
  const documented = DIALECTS.flatMap(([dialect, spoken, model, framing]) =>
    wireCases(dialect).flatMap((name) => {
      const parts = partsOf(spoken, model, framing, wireCase(name).stream);
      return parts === null ? [] : [{ name, parts }];
    }),
  );

  it('are many', () => {
    expect(documented.length).toBeGreaterThan(40);
  });

  it.each(documented)('$name is lawful, and for the official client the response that it tells', async ({ parts }) => {
    const text = streamed(parts);
    const events = eventsOf(text);
    expectLawful(events);
    const final = await readAsOfficialClient(text);
    expect(final).toEqual(events.at(-1)?.['response']);
    const whole = responded(foldStream(parts));
    const kinds = (response: JsonObject): unknown => new Set((response['output'] as JsonObject[]).map(({ type }) => type));
    expect(kinds(final)).toEqual(kinds(whole));
    expect({ ...final, output: null }).toEqual({ ...whole, output: null });
  });
});

/** The parts of a stream that comes to its end. */
function partsOf(spoken: OutwardDialect, model: string, framing: Framing, stream: Buffer): StreamPart[] | null {
  if (stream.length === 0) return null;
  const request = { model, messages: [], stream: true, others: {}, extras: {} };
  try {
    return readStream([stream], framing, spoken.chat(request, target(spoken.name, model)).reader());
  } catch {
    return null;
  }
}
