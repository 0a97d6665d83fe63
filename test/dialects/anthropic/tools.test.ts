import { describe, expect, it } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { FunctionTool, Tool } from '../../../src/core/request.ts';
import { assistant, bodyOf, call, readEvents, result, target, turnsOf, user, write } from './hub.ts';

const EMPTY = { type: 'object', properties: {} };
const f: FunctionTool = { type: 'function', name: 'f' };

describe('tools', () => {
  const toolsOf = (tools: readonly Tool[], to = target()): unknown => bodyOf({ tools }, to)['tools'];

  it('always take an object', () => {
    expect(toolsOf([f, { type: 'function', name: 'g', description: 'G', parameters: { properties: { a: { type: 'string' } } } }])).toEqual([
      { name: 'f', input_schema: EMPTY },
      { name: 'g', description: 'G', input_schema: { type: 'object', properties: { a: { type: 'string' } } } },
    ]);
  });

  it('with one name are one: the first', () => {
    expect(
      toolsOf([
        { ...f, description: 'first' },
        { ...f, description: 'second' },
      ]),
    ).toEqual([{ name: 'f', description: 'first', input_schema: EMPTY }]);
  });

  it('are strict only where the model can be, with a schema it takes', () => {
    const strict: FunctionTool = { ...f, strict: true, parameters: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } } };
    expect(toolsOf([strict])).toEqual([
      {
        name: 'f',
        input_schema: { type: 'object', properties: { n: { type: 'integer', description: '{"minimum":1}' } }, additionalProperties: false },
        strict: true,
      },
    ]);
    expect(toolsOf([strict], target('claude-sonnet-4'))).toEqual([{ name: 'f', input_schema: strict.parameters }]);
  });

  it('of Anthropic’s own pass as they came', () => {
    const raw = { type: 'computer_20250124', name: 'computer', display_width_px: 1024, display_height_px: 768 };
    expect(toolsOf([{ type: 'native', dialect: 'anthropic', raw }])).toEqual([raw]);
    expect(toolsOf([{ type: 'native', dialect: 'openai', raw: { type: 'advisor_20260301', name: 'advisor' } }])).toEqual([
      { type: 'advisor_20260301', name: 'advisor' },
    ]);
  });

  it('of another dialect are refused or dropped, web search excepted', () => {
    const custom: Tool = { type: 'native', dialect: 'openai', raw: { type: 'custom', custom: { name: 'x' } } };
    expect(() => toolsOf([custom])).toThrow(UnsupportedParamsError);
    expect(toolsOf([custom, f], target(undefined, { drop: true }))).toEqual([{ name: 'f', input_schema: EMPTY }]);
    const search: Tool = {
      type: 'native',
      dialect: 'openai',
      raw: { type: 'web_search_preview', search_context_size: 'high', user_location: { type: 'approximate', country: 'DE' } },
    };
    expect(toolsOf([search])).toEqual([
      { type: 'web_search_20250305', name: 'web_search', max_uses: 10, user_location: { type: 'approximate', country: 'DE' } },
    ]);
  });

  it('search the web once, however often it is asked for', () => {
    const raw = { type: 'web_search_20260209', name: 'web_search' };
    expect(bodyOf({ tools: [{ type: 'native', dialect: 'anthropic', raw }], webSearch: {} })['tools']).toEqual([raw]);
    expect(bodyOf({ webSearch: {} })['tools']).toEqual([{ type: 'web_search_20250305', name: 'web_search' }]);
    expect(bodyOf({ webSearch: { contextSize: 'low' } })['tools']).toEqual([
      { type: 'web_search_20250305', name: 'web_search', max_uses: 1 },
    ]);
  });
});

describe('tool_choice', () => {
  const choiceOf = (members: Parameters<typeof bodyOf>[0], model?: string): unknown =>
    bodyOf({ tools: [f], ...members }, target(model))['tool_choice'];
  const named = { type: 'function', name: 'f' } as const;

  it('has a word for each of OpenAI’s', () => {
    expect(choiceOf({})).toBeUndefined();
    expect(choiceOf({ toolChoice: { type: 'auto' } })).toEqual({ type: 'auto' });
    expect(choiceOf({ toolChoice: { type: 'required' } })).toEqual({ type: 'any' });
    expect(choiceOf({ toolChoice: { type: 'none' } })).toEqual({ type: 'none' });
    expect(choiceOf({ toolChoice: named })).toEqual({ type: 'tool', name: 'f' });
  });

  it('is nothing without tools', () => {
    expect(bodyOf({ toolChoice: { type: 'auto' }, parallelToolCalls: false })).not.toHaveProperty('tool_choice');
  });

  it('does not force while the model thinks', () => {
    expect(choiceOf({ toolChoice: { type: 'required' }, reasoning: { effort: 'low' } })).toEqual({ type: 'auto' });
    expect(choiceOf({ toolChoice: named, reasoning: { effort: 'low' } }, 'claude-opus-4-6')).toEqual({ type: 'auto' });
    expect(choiceOf({ toolChoice: { type: 'required' } }, 'claude-sonnet-5-5')).toEqual({ type: 'auto' });
  });

  it('turns off the thinking that a model does unasked, so that it can force', () => {
    const body = bodyOf({ tools: [f], toolChoice: named }, target('claude-opus-5'));
    expect(body).toMatchObject({ tool_choice: { type: 'tool', name: 'f' }, thinking: { type: 'disabled' } });
    expect(bodyOf({ tools: [f], toolChoice: { type: 'auto' } }, target('claude-opus-5'))).not.toHaveProperty('thinking');
    const lost = { tools: [f], toolChoice: named, reasoning: { effort: 'max' }, messages: [user('Go'), assistant(call('a')), result('a')] };
    expect(bodyOf(lost, target('claude-opus-5'))).toMatchObject({
      tool_choice: { type: 'tool' },
      thinking: { type: 'disabled' },
      output_config: { effort: 'high' },
    });
  });

  it('holds the wish for one call at a time', () => {
    const one = { disable_parallel_tool_use: true };
    expect(choiceOf({ parallelToolCalls: false })).toEqual({ type: 'auto', ...one });
    expect(choiceOf({ parallelToolCalls: false, toolChoice: { type: 'required' } })).toEqual({ type: 'any', ...one });
    expect(choiceOf({ parallelToolCalls: false, toolChoice: { type: 'none' } })).toEqual({ type: 'none' });
    expect(choiceOf({ parallelToolCalls: true })).toBeUndefined();
  });
});

describe('names of tools', () => {
  const long = 'home_assistant__'.repeat(10);
  const odd = ['light.turn_on', 'light_turn_on', 'Küche', '', long, `${long}2`];
  const tools = odd.map((name): FunctionTool => ({ type: 'function', name }));
  const wireNames = (bodyOf({ tools })['tools'] as { name: string }[]).map(({ name }) => name);

  it('are lawful, and no two are the same', () => {
    expect(wireNames).toHaveLength(odd.length);
    expect(new Set(wireNames).size).toBe(odd.length);
    for (const name of wireNames) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
  });

  it('stay as they are when they are lawful', () => {
    const names = ['intent__HassTurnOn', 'llm__GetDateTime', 'a-b', 'x'.repeat(128)];
    expect(
      (bodyOf({ tools: names.map((name) => ({ type: 'function', name })) })['tools'] as { name: string }[]).map(({ name }) => name),
    ).toEqual(names);
  });

  it.each(odd.map((name, i) => [name, wireNames[i]] as const))('come back to the client as it knows them: %s', (name, wire) => {
    const block = { type: 'tool_use', id: 'toolu_1', name: wire, input: {} };
    const answer = write({ tools }).answer({ content: [block], stop_reason: 'tool_use' });
    expect(answer.choices[0]?.parts).toEqual([{ type: 'tool_call', id: 'toolu_1', name, arguments: '{}' }]);
    const parts = readEvents([{ type: 'content_block_start', index: 0, content_block: block }, { type: 'message_stop' }], { tools });
    expect(parts).toContainEqual({ type: 'tool_call_start', index: 0, id: 'toolu_1', name });
  });

  it('are the same in choice and history', () => {
    const messages = [user('Go'), assistant(call('a', 'light.turn_on')), result('a')];
    const body = bodyOf({ tools, messages, toolChoice: { type: 'function', name: 'light.turn_on' } });
    expect(body['tool_choice']).toEqual({ type: 'tool', name: wireNames[0] });
    expect(turnsOf(messages)).toContainEqual({
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'a', name: wireNames[0], input: {} }],
    });
  });
});
