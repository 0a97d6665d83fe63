import { describe, expect, it } from 'vitest';
import type { ResponseFormat, Tool } from '../../../src/core/request.ts';
import { answerOf, bodyOf, readEvents, streamParts, target, write } from './hub.ts';

const OLD = 'claude-3-5-haiku-20241022';
const schema = { type: 'object', properties: { a: { type: 'string', maxLength: 3 } } };
const asSchema: ResponseFormat = { type: 'json_schema', name: 'thing', description: 'A thing.', schema };
const asObject: ResponseFormat = { type: 'json_object' };
const forced = { type: 'tool', name: 'json_tool_call' };
const own: Tool = { type: 'function', name: 'f' };

interface Body {
  readonly tools?: { name: string; input_schema: unknown; description?: string }[];
  readonly tool_choice?: unknown;
  readonly output_config?: unknown;
  readonly system?: { text: string }[];
  readonly thinking?: unknown;
}
const said = (members: Parameters<typeof bodyOf>[0], model?: string): Body => bodyOf(members, target(model));

describe('a schema for the answer', () => {
  it('is the model’s own output format on 4.1 and later, cleaned', () => {
    for (const model of ['claude-opus-4-1', 'claude-haiku-4-5', 'claude-opus-5-5']) {
      const body = said({ responseFormat: asSchema }, model);
      expect(body.output_config).toEqual({
        format: {
          type: 'json_schema',
          schema: { type: 'object', properties: { a: { type: 'string', description: '{"maxLength":3}' } }, additionalProperties: false },
        },
      });
      expect(body).not.toHaveProperty('tools');
    }
    expect(write({ responseFormat: asSchema }).headers['anthropic-beta']).toBe('structured-outputs-2025-11-13');
  });

  it('is the input of a forced tool before that', () => {
    const body = said({ responseFormat: asSchema }, OLD);
    expect(body.tools).toEqual([
      { name: 'json_tool_call', description: expect.stringContaining('A thing.') as string, input_schema: schema },
    ]);
    expect(body.tool_choice).toEqual(forced);
    expect(body).not.toHaveProperty('output_config');
  });

  it('is a tool too when the model is said not to know schemas', () => {
    expect(bodyOf({ responseFormat: asSchema }, target(undefined, {}, { jsonSchema: false }))).toMatchObject({ tool_choice: forced });
  });

  it('goes together with an effort', () => {
    expect(said({ responseFormat: asSchema, reasoning: { effort: 'low' } }, 'claude-opus-4-6').output_config).toMatchObject({
      effort: 'low',
      format: { type: 'json_schema' },
    });
  });
});

describe('any JSON object', () => {
  it('is a forced tool that takes everything', () => {
    const body = said({ responseFormat: asObject });
    expect(body.tools?.[0]?.input_schema).toEqual({ type: 'object', properties: {}, additionalProperties: true });
    expect(body.tool_choice).toEqual(forced);
  });

  it('is asked for in words while the model thinks or cannot be forced', () => {
    for (const [model, reasoning] of [
      ['claude-haiku-4-5', { effort: 'low' }],
      ['claude-opus-5-5', {}],
    ] as const) {
      const body = said({ responseFormat: asObject, reasoning }, model);
      expect(body.tool_choice).toEqual({ type: 'auto' });
      expect(body.system?.at(-1)?.text).toContain('json_tool_call');
    }
  });

  it('turns the thinking off that a model does unasked', () => {
    expect(said({ responseFormat: asObject }, 'claude-sonnet-5')).toMatchObject({ tool_choice: forced, thinking: { type: 'disabled' } });
  });
});

it('plain text needs nothing', () => {
  expect(Object.keys(said({ responseFormat: { type: 'text' } }))).not.toContain('tools');
});

describe('the tool for JSON beside tools of the client', () => {
  it('leaves the model free to call those first', () => {
    expect(said({ responseFormat: asObject, tools: [own] }).tool_choice).toEqual({ type: 'any' });
    expect(said({ responseFormat: asObject, tools: [own], toolChoice: { type: 'auto' } }).tool_choice).toEqual({ type: 'any' });
  });

  it('respects the client’s choice about them', () => {
    expect(said({ responseFormat: asObject, tools: [own], toolChoice: { type: 'none' } }).tool_choice).toEqual(forced);
    expect(said({ responseFormat: asObject, tools: [own], toolChoice: { type: 'function', name: 'f' } }).tool_choice).toEqual({
      type: 'tool',
      name: 'f',
    });
  });

  it('has another name when the client uses it', () => {
    const body = said({ responseFormat: asObject, tools: [{ type: 'function', name: 'json_tool_call' }] });
    expect(body.tools?.map(({ name }) => name)).toEqual(['json_tool_call', 'json_tool_call_2']);
  });
});

describe('the answer through the tool', () => {
  const request = { responseFormat: asObject };

  it('is the content, and a plain stop', () => {
    const choice = answerOf('json-tool', request, target(OLD)).choices[0];
    expect(choice).toMatchObject({
      parts: [{ type: 'text', text: '{"name":"Ada","age":36}' }],
      finish: { reason: 'stop', native: 'tool_use' },
    });
    expect(streamParts('json-tool', request, target(OLD)).filter(({ type }) => type.startsWith('t'))).toEqual([
      { type: 'text_delta', text: '{"name":"Ada"' },
      { type: 'text_delta', text: ',"age":36}' },
    ]);
  });

  it('is {} when the model gave nothing', () => {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'json_tool_call', input: {} };
    const parts = readEvents(
      [{ type: 'content_block_start', index: 0, content_block: block }, { type: 'content_block_stop', index: 0 }, { type: 'message_stop' }],
      request,
    );
    expect(parts).toContainEqual({ type: 'text_delta', text: '{}' });
  });

  it('stays a call when nobody asked for JSON', () => {
    expect(answerOf('json-tool').choices[0]).toMatchObject({
      parts: [{ type: 'tool_call', name: 'json_tool_call' }],
      finish: { reason: 'tool_calls' },
    });
  });

  it('comes with calls of the client’s tools when the model made some', () => {
    const content = [
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'tool_use', id: 'b', name: 'json_tool_call', input: { x: 1 } },
    ];
    const choice = write({ ...request, tools: [own] }).answer({ content, stop_reason: 'tool_use' }).choices[0];
    expect(choice?.parts).toEqual([
      { type: 'tool_call', id: 'a', name: 'f', arguments: '{}' },
      { type: 'text', text: '{"x":1}' },
    ]);
    expect(choice?.finish.reason).toBe('tool_calls');
  });
});
