import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, Tool } from '../../../src/core/request.ts';
import type { Target } from '../../../src/core/dialect.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { assistant, bodyOf, call, result, SONNET_4_5, system, target, thought, user, write } from './hub.ts';

const FOLDER = new URL('../../fixtures/wire/anthropic/', import.meta.url);
const NAMES = readdirSync(FOLDER);
const has = (name: string, file: string): boolean => existsSync(new URL(`${name}/${file}`, FOLDER));

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
  required: ['name', 'age'],
};
const WEATHER: Tool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

interface Spoken {
  readonly request: Partial<ChatRequest>;
  readonly to?: Target;
}

/** What a client says, for each fixture that holds a request. */
const SPOKEN: Readonly<Record<string, Spoken>> = {
  text: { request: { messages: [system('You are brief.'), user('Say hello from Cologne.')], maxOutputTokens: 1024, stream: true } },
  tools: {
    request: { messages: [user('Weather in Köln?')], tools: [WEATHER], toolChoice: { type: 'auto' }, maxOutputTokens: 1024, stream: true },
  },
  'parallel-tools': {
    request: {
      messages: [
        user('Köln and Bonn?'),
        assistant(call('toolu_a', 'get_weather', '{"city":"Köln"}'), call('toolu_b', 'get_weather', '{"city":"Bonn"}')),
        result('toolu_b', 'sun'),
        result('toolu_a', 'rain'),
        user('And now?'),
      ],
      tools: [WEATHER],
      maxOutputTokens: 1024,
      stream: true,
    },
  },
  'tool-without-arguments': {
    request: {
      messages: [user('What time is it?')],
      tools: [{ type: 'function', name: 'GetDateTime' }],
      maxOutputTokens: 1024,
      stream: true,
    },
  },
  thinking: { request: { messages: [user('Is 27 prime?')], reasoning: { effort: 'medium' }, stream: true } },
  'thinking-with-tools': {
    request: {
      messages: [
        user('Lights please'),
        assistant(call('toolu_1', 'GetState'), thought('Which lights?', 'c2lnMQ==')),
        result('toolu_1', 'lamp: off'),
      ],
      tools: [
        { type: 'function', name: 'GetState' },
        { type: 'function', name: 'HassTurnOn', parameters: { type: 'object', properties: { name: { type: 'string' } } } },
      ],
      reasoning: { effort: 'high' },
      stream: true,
    },
  },
  vision: {
    request: {
      messages: [
        user(
          'What is this?',
          { type: 'media', kind: 'image', source: { type: 'data', data: PNG }, mediaType: 'image/jpg' },
          { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/cat.jpg' } },
        ),
      ],
      maxOutputTokens: 1024,
    },
  },
  pdf: {
    request: {
      messages: [
        user(
          { type: 'media', kind: 'file', source: { type: 'data', data: 'JVBERi0xLjQKJeLjz9MK' }, filename: 'bill.pdf' },
          { type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'file_011C' } },
          { type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'https://example.com/a.pdf' } },
          { type: 'media', kind: 'file', source: { type: 'data', data: 'R3LDvMOfZQ==' }, filename: 'note.txt' },
          'Sum?',
        ),
      ],
      maxOutputTokens: 1024,
    },
  },
  'json-schema': {
    request: {
      messages: [user('Ada is 36.')],
      responseFormat: { type: 'json_schema', name: 'person', schema: PERSON, strict: true },
      maxOutputTokens: 1024,
      stream: true,
    },
  },
  'json-tool': {
    request: {
      messages: [user('Ada is 36.')],
      responseFormat: { type: 'json_schema', name: 'person', schema: PERSON },
      maxOutputTokens: 1024,
      stream: true,
    },
    to: target('claude-3-5-haiku-20241022'),
  },
  'web-search': {
    request: {
      messages: [user('When was Claude Shannon born?')],
      webSearch: { contextSize: 'medium', userLocation: { type: 'approximate', approximate: { city: 'Köln', country: 'DE' } } },
      maxOutputTokens: 1024,
      stream: true,
    },
  },
};

describe('documented exchanges', () => {
  it.each(NAMES)('%s names its page and date', (name) => {
    const { about } = wireCase(`anthropic/${name}`);
    expect(about.page).toMatch(/^https:\/\/platform\.claude\.com\/docs\//);
    expect(about.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('has what a client says for every request', () => {
    expect(Object.keys(SPOKEN).sort()).toEqual(NAMES.filter((name) => has(name, 'request.json')).sort());
  });

  it.each(Object.entries(SPOKEN))('%s: the request is written as documented', (name, { request, to = target(SONNET_4_5) }) => {
    expect(bodyOf(request, to)).toEqual(wireCase(`anthropic/${name}`).request);
  });

  it.each(NAMES.filter((name) => has(name, 'stream.txt') && has(name, 'response.json')))(
    '%s: the folded stream is the whole answer',
    (name) => {
      const { request = {}, to } = SPOKEN[name] ?? {};
      const { stream, response } = wireCase(`anthropic/${name}`);
      const chat = write(request, to);
      expectFoldEquals(readStream([stream], 'sse', chat.reader()), chat.answer(response));
    },
  );

  it.each(NAMES.filter((name) => has(name, 'stream.txt') && has(name, 'response.json')))(
    '%s: cutting the bytes anywhere changes nothing',
    (name) => {
      const { request = {}, to } = SPOKEN[name] ?? {};
      expectCutsChangeNothing(wireCase(`anthropic/${name}`).stream, 'sse', () => write(request, to).reader());
    },
  );
});
