import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../../src/core/dialect.ts';
import type { MediaPart, Part } from '../../../src/core/parts.ts';
import type { ChatRequest, Tool } from '../../../src/core/request.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { assistant, bodyOf, call, fields, FLASH_3, result, system, target, user, WEATHER, write } from './hub.ts';

const FOLDER = new URL('../../fixtures/wire/gemini/', import.meta.url);
const NAMES = readdirSync(FOLDER);
const has = (name: string, file: string): boolean => existsSync(new URL(`${name}/${file}`, FOLDER));

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
  required: ['name', 'age'],
};
const THIRD = target(FLASH_3);
const google = (raw: Record<string, unknown>): Tool => ({ type: 'native', dialect: 'gemini', raw });
const media = (kind: MediaPart['kind'], source: MediaPart['source'], more: Partial<MediaPart> = {}): Part => ({
  type: 'media',
  kind,
  source,
  ...more,
});

interface Spoken {
  readonly request: Partial<ChatRequest>;
  readonly to?: Target;
}

/** What a client says, for each fixture that holds a request. */
const SPOKEN: Readonly<Record<string, Spoken>> = {
  text: {
    request: {
      messages: [system('You are brief.'), user('Say hello from Zürich.')],
      maxOutputTokens: 1024,
      temperature: 0.2,
      topP: 0.9,
      topK: 40,
      stop: ['END'],
      seed: 7,
    },
  },
  tools: {
    request: {
      messages: [user('Weather in Zürich?')],
      tools: [WEATHER, { type: 'function', name: 'get_time', parameters: { type: 'object', properties: {} } }],
      toolChoice: { type: 'auto' },
    },
    to: THIRD,
  },
  'parallel-tools': {
    request: {
      messages: [
        user('Bern and Genf?'),
        assistant(call('a1', 'get_weather', '{"city":"Bern"}', 'c2lnLXA='), call('a2', 'get_weather', '{"city":"Genf"}')),
        result('a2', 'rain'),
        result('a1', '{"celsius":12}'),
        user('Shorter.'),
      ],
      tools: [WEATHER],
    },
    to: THIRD,
  },
  'two-steps': {
    request: {
      messages: [
        user('Is my flight late? Then book a taxi.'),
        assistant(call('c1', 'check_flight', '{"flight":"LX8"}', 'c3RlcC0x')),
        result('c1', '{"status":"delayed"}'),
        assistant({ type: 'reasoning', text: 'Late. A taxi then.' }, call('c2', 'book_taxi', '', 'c3RlcC0y')),
        result('c2', '{"status":"booked"}'),
      ],
      tools: [
        { type: 'function', name: 'check_flight', parameters: { type: 'object', properties: { flight: { type: 'string' } } } },
        { type: 'function', name: 'book_taxi' },
      ],
    },
    to: THIRD,
  },
  'foreign-history': {
    request: {
      messages: [
        user('Lights on'),
        assistant(
          { type: 'reasoning', text: 'Which?', signature: 'Y2xhdWRl', origin: 'anthropic' },
          call('call_1', 'HassTurnOn', '{"name":"lamp"}'),
          call('call_2', 'HassTurnOn', '{"name":"fan"}'),
        ),
        result('call_1', 'done'),
        result('call_2', 'no such device', { isError: true }),
      ],
      tools: [{ type: 'function', name: 'HassTurnOn', parameters: { type: 'object', properties: { name: { type: 'string' } } } }],
    },
    to: THIRD,
  },
  'vertex-tools': {
    request: {
      messages: [
        user('Bern and Genf?'),
        assistant(call('a1', 'get_weather', '{"city":"Bern"}', 'c2lnLXA='), call('a2', 'get_weather', '{"city":"Genf"}')),
        result('a2', 'rain'),
        result('a1', '{"celsius":12}'),
      ],
      tools: [WEATHER],
      webSearch: {},
      extras: { labels: { team: 'house' } },
    },
    to: { ...THIRD, provider: 'vertex_ai', host: 'vertex' },
  },
  thinking: { request: { messages: [user('Is 27 prime?')], reasoning: { effort: 'medium' } } },
  'thinking-level': { request: { messages: [user('Is 27 prime?')], reasoning: { effort: 'low' } }, to: THIRD },
  media: {
    request: {
      messages: [
        user(
          'What are these?',
          media('image', { type: 'data', data: PNG }, { mediaType: 'image/jpg', detail: 'high' }),
          media('video', { type: 'url', url: 'https://www.youtube.com/watch?v=abc' }, { mediaType: 'video/mp4' }),
          media('file', { type: 'file_id', fileId: 'files/xyz' }),
          media('audio', { type: 'data', data: 'SUQzBAAAAAAA' }, { mediaType: 'audio/mp3' }),
          media('file', { type: 'data', data: 'JVBERi0xLjQKJeLjz9MK' }, { filename: 'bill.pdf' }),
        ),
      ],
    },
    to: THIRD,
  },
  pdf: {
    request: {
      messages: [
        user(
          media('file', { type: 'data', data: 'JVBERi0xLjQKJeLjz9MK' }),
          media('image', { type: 'data', data: PNG }, { mediaType: 'image/png', detail: 'high' }),
          'Sum?',
        ),
      ],
    },
  },
  'json-schema': {
    request: { messages: [user('Ada is 36.')], responseFormat: { type: 'json_schema', name: 'person', schema: PERSON, strict: true } },
  },
  'json-beside-tools': {
    request: { messages: [user('Ada is 36.')], responseFormat: { type: 'json_schema', schema: PERSON }, tools: [WEATHER] },
  },
  'json-gemini-1': {
    request: {
      messages: [user('Ada is 36.')],
      responseFormat: {
        type: 'json_schema',
        schema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          additionalProperties: false,
          properties: { name: { $ref: '#/$defs/word' }, nick: { type: ['string', 'null'], default: null }, kind: { const: 'person' } },
          required: ['name'],
          $defs: { word: { type: 'string' } },
        },
      },
    },
    to: target('gemini-1.5-pro'),
  },
  search: { request: { messages: [user('Wetter in Zürich?')], webSearch: { contextSize: 'low' } } },
  'code-execution': {
    request: {
      messages: [
        user('2^64?'),
        assistant(
          '18446744073709551616',
          fields({
            gemini_parts: [
              { executableCode: { id: 'x1', language: 'PYTHON', code: 'print(2**64)' }, thoughtSignature: 'Y29kZQ==' },
              { codeExecutionResult: { id: 'x1', outcome: 'OUTCOME_OK', output: '18446744073709551616\n' } },
            ],
          }),
        ),
        user('Plus one?'),
      ],
      tools: [google({ code_execution: {} })],
    },
    to: THIRD,
  },
  cached: {
    request: {
      messages: [user('And chapter two?')],
      serviceTier: 'flex',
      extras: {
        cached_content: 'cachedContents/abc',
        safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      },
    },
  },
  'two-candidates': { request: { messages: [user('A colour?')], n: 2 } },
  logprobs: { request: { messages: [user('Hü or hott?')], logprobs: true, topLogprobs: 2 } },
  'image-made': {
    request: {
      messages: [
        user('A dot.'),
        assistant(
          'Here:',
          media('image', { type: 'data', data: PNG }, { mediaType: 'image/png', signature: 'aW1nLWk=' }),
          fields({ thought_signatures: ['aW1nLXQ='] }),
        ),
        user('Bigger.'),
      ],
      others: { modalities: ['text', 'image'] },
      extras: { image_config: { aspectRatio: '16:9' } },
    },
    to: target('gemini-3-pro-image-preview'),
  },
  'speech-made': {
    request: { messages: [user('Say: hello')], others: { modalities: ['text', 'audio'], audio: { voice: 'Kore', format: 'wav' } } },
    to: target('gemini-2.5-flash-preview-tts'),
  },
};

const CHATS = NAMES.filter((name) => has(name, 'request.json') && name !== 'embeddings');
/** Streams of the same content as the plain answer. */
const TWICE = NAMES.filter(
  (name) => has(name, 'stream.txt') && has(name, 'response.json') && name !== 'safety' && name !== 'malformed-call',
);

describe('documented exchanges', () => {
  it.each(NAMES)('%s names its page and date', (name) => {
    const { about } = wireCase(`gemini/${name}`);
    expect(about.page).toMatch(name.startsWith('vertex-') ? /^https:\/\/cloud\.google\.com\/vertex-ai\// : /^https:\/\/ai\.google\.dev\//);
    expect(about.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('has what a client says for every request', () => {
    expect(Object.keys(SPOKEN).sort()).toEqual([...CHATS].sort());
  });

  it.each(Object.entries(SPOKEN))('%s: the request is written as documented', (name, { request, to }) => {
    expect(bodyOf(request, to)).toEqual(wireCase(`gemini/${name}`).request);
  });

  it.each(TWICE)('%s: the folded stream is the whole answer', (name) => {
    const { request = {}, to } = SPOKEN[name] ?? {};
    const { stream, response } = wireCase(`gemini/${name}`);
    const chat = write(request, to);
    expectFoldEquals(readStream([stream], 'sse', chat.reader()), chat.answer(response));
  });

  it.each(TWICE)('%s: cutting the bytes anywhere changes nothing', (name) => {
    const { request = {}, to } = SPOKEN[name] ?? {};
    expectCutsChangeNothing(wireCase(`gemini/${name}`).stream, 'sse', () => write(request, to).reader());
  });
});

it('a call and its stream have addresses of their own', () => {
  expect(write().path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
  expect(write({ stream: true }).path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
  expect(write({}, target('tunedModels/mine-1')).path).toBe('/v1beta/tunedModels/mine-1:generateContent');
  expect(write({}, target('a?b#c')).path).toBe('/v1beta/models/a%3Fb%23c:generateContent');
});
