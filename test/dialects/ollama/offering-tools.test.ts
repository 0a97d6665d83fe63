import { describe, expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { chat, said, TIME, WEATHER } from './asking.ts';

interface Body {
  tools?: { function: { name: string; parameters: unknown } }[];
  messages: { role: string; content: string }[];
}

function body(request: Partial<ChatRequest>, whom = {}): Body {
  return chat({ tools: [WEATHER, TIME], ...request }, whom).body as unknown as Body;
}

const names = ({ tools }: Body) => tools?.map((tool) => tool.function.name);

test('tools are sent although the model is believed to have none', () => {
  expect(names(body({}, { abilities: { tools: false } }))).toEqual(['get_weather', 'get_time']);
});

test('a tool without parameters takes an empty object', () => {
  expect(body({}).tools?.[1]?.function.parameters).toEqual({ type: 'object', properties: {} });
});

test('of two tools with one name the first counts', () => {
  expect(body({ tools: [WEATHER, { ...WEATHER, description: 'again' }] }).tools).toHaveLength(1);
});

describe('tool_choice', () => {
  test('none offers nothing', () => {
    expect(body({ toolChoice: { type: 'none' } })).not.toHaveProperty('tools');
  });

  test('auto offers all and adds no word', () => {
    expect(body({ toolChoice: { type: 'auto' } }).messages).toHaveLength(1);
  });

  test('a named tool is offered alone, with a sentence in front', () => {
    const said = body({ toolChoice: { type: 'function', name: 'get_time' } });
    expect(names(said)).toEqual(['get_time']);
    expect(said.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('`get_time`') });
    expect(said.messages[1]).toMatchObject({ role: 'user' });
  });

  test('required adds its sentence to the system message that is there', () => {
    const { messages } = body({ messages: [said('system', 'Be kind.'), said('user', 'Hi')], toolChoice: { type: 'required' } });
    expect(messages).toHaveLength(2);
    expect(messages[0]?.content).toMatch(/^Be kind\.\n\nAnswer with a call/);
  });

  test('a tool that is not offered cannot be chosen', () => {
    expect(() => body({ toolChoice: { type: 'function', name: 'fly' } })).toThrow(InvalidRequestError);
  });
});

test("another provider's own tools are refused, or left out when dropping is on", () => {
  const search = { type: 'native', dialect: 'anthropic', raw: { type: 'web_search_20250305', name: 'web_search' } } as const;
  expect(() => body({ tools: [search] })).toThrow(UnsupportedParamsError);
  expect(names(body({ tools: [search, TIME] }, { params: { drop: true } }))).toEqual(['get_time']);
});
