import { describe, expect, it } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { ChatRequest, Tool } from '../../../src/core/request.ts';
import { assistant, bodyOf, call, FLASH_3, result, target, user, WEATHER, write } from './hub.ts';

const THIRD = target(FLASH_3);
const native = (dialect: string, raw: Record<string, unknown>): Tool => ({ type: 'native', dialect, raw });
const declared = (parameters: Record<string, unknown> | undefined, model?: string): Record<string, unknown> => {
  const tool: Tool = { type: 'function', name: 'f', ...(parameters === undefined ? {} : { parameters }) };
  const [tools] = bodyOf({ tools: [tool] }, target(model))['tools'] as { functionDeclarations: Record<string, unknown>[] }[];
  return tools?.functionDeclarations[0] ?? {};
};

describe('functions', () => {
  it.each([
    [undefined],
    [{}],
    [{ type: 'object', properties: {} }],
    [{ type: 'object', properties: {}, additionalProperties: false, required: [] }],
  ])('that take nothing have no parameters: %j', (parameters) => {
    expect(declared(parameters)).toEqual({ name: 'f' });
  });

  it('keep their JSON Schema, with nothing beside a reference', () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        where: { $ref: '#/$defs/place', description: 'here' },
        kind: { const: 'x' },
        maybe: { type: ['string', 'null'], default: null },
        const: { type: 'number' },
      },
      additionalProperties: false,
      $defs: { place: { type: 'object', properties: { $schema: { type: 'string' } } } },
    };
    expect(declared(parameters)['parametersJsonSchema']).toEqual({
      type: 'object',
      properties: {
        where: { $ref: '#/$defs/place' },
        kind: { enum: ['x'] },
        maybe: { type: ['string', 'null'], default: null },
        const: { type: 'number' },
      },
      additionalProperties: false,
      $defs: { place: { type: 'object', properties: { $schema: { type: 'string' } } } },
    });
  });

  it('with unlawful names get lawful ones, and are met again under their own', () => {
    const name = '2 légumes/'.repeat(9);
    const chat = write({ tools: [{ type: 'function', name }] });
    const [tools] = chat.body['tools'] as { functionDeclarations: { name: string }[] }[];
    const wire = tools?.functionDeclarations[0]?.name ?? '';
    expect(wire).toMatch(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/);
    const content = { parts: [{ functionCall: { name: wire } }] };
    expect(chat.answer({ candidates: [{ content, finishReason: 'STOP' }] }).choices[0]?.parts).toMatchObject([{ type: 'tool_call', name }]);
  });

  it('are called in a history under the name that was declared', () => {
    const name = 'sensor/read';
    const messages = [user('Hi'), assistant(call('a', name)), result('a')];
    const text = JSON.stringify(bodyOf({ messages, tools: [{ type: 'function', name }] }));
    expect(text.split('"sensor_read"')).toHaveLength(4);
  });

  it('with one name twice are declared once', () => {
    const tools = bodyOf({ tools: [WEATHER, { ...WEATHER, description: 'again' }] })['tools'];
    expect(tools).toMatchObject([{ functionDeclarations: [{ description: 'Weather now' }] }]);
  });
});

describe('tool_choice', () => {
  const choice = (members: Partial<ChatRequest>): unknown => {
    const config = bodyOf({ tools: [WEATHER], ...members })['toolConfig'] as { functionCallingConfig: unknown } | undefined;
    return config?.functionCallingConfig;
  };

  it.each([
    [undefined, undefined],
    [{ type: 'auto' as const }, { mode: 'AUTO' }],
    [{ type: 'none' as const }, { mode: 'NONE' }],
    [{ type: 'required' as const }, { mode: 'ANY' }],
    [
      { type: 'function' as const, name: 'get_weather' },
      { mode: 'ANY', allowedFunctionNames: ['get_weather'] },
    ],
  ])('%j', (toolChoice, config) => {
    expect(choice(toolChoice ? { toolChoice } : {})).toEqual(config);
  });

  it('of strict functions holds the model to their schemas', () => {
    expect(choice({ tools: [{ ...WEATHER, strict: true }] })).toEqual({ mode: 'VALIDATED' });
  });

  it('among some of the functions names them', () => {
    const allowed = (mode: string) => ({
      tool_choice: { type: 'allowed_tools', allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'get_weather' } }] } },
    });
    expect(choice({ others: allowed('required') })).toEqual({ mode: 'ANY', allowedFunctionNames: ['get_weather'] });
  });

  it('without functions says nothing', () => {
    expect(bodyOf({ toolChoice: { type: 'auto' } })).not.toHaveProperty('toolConfig');
  });
});

describe('tools that Google runs', () => {
  it.each([
    [native('gemini', { googleSearch: {} }), { googleSearch: {} }],
    [native('gemini', { url_context: {} }), { urlContext: {} }],
    [native('gemini', { file_search: { fileSearchStoreNames: ['x'] } }), { fileSearch: { fileSearchStoreNames: ['x'] } }],
    [native('anthropic', { type: 'web_search_20250305', name: 'web_search' }), { googleSearch: {} }],
    [native('openai', { type: 'web_search_preview' }), { googleSearch: {} }],
    [native('anthropic', { type: 'web_fetch_20250910' }), { urlContext: {} }],
    [native('openai', { type: 'code_interpreter' }), { codeExecution: {} }],
  ])('%j', (tool, sent) => {
    expect(bodyOf({ tools: [tool] })['tools']).toEqual([sent]);
  });

  it('are offered once', () => {
    expect(bodyOf({ tools: [native('gemini', { googleSearch: {} })], webSearch: {} })['tools']).toEqual([{ googleSearch: {} }]);
  });

  it('stand beside functions since Gemini 3, and tell their steps then', () => {
    const body = bodyOf({ tools: [WEATHER], webSearch: {} }, THIRD);
    expect(body['tools']).toMatchObject([{ googleSearch: {} }, { functionDeclarations: [{ name: 'get_weather' }] }]);
    expect(body['toolConfig']).toEqual({ includeServerSideToolInvocations: true });
  });

  it('do not go with functions before: an error, or left out', () => {
    expect(() => write({ tools: [WEATHER], webSearch: {} })).toThrow(UnsupportedParamsError);
    expect(() => write({ tools: [WEATHER], webSearch: {} })).toThrow(/googleSearch together with functions/);
    const tools = bodyOf({ tools: [WEATHER], webSearch: {} }, target(undefined, { drop: true }))['tools'];
    expect(tools).toMatchObject([{ functionDeclarations: [{ name: 'get_weather' }] }]);
  });
});

it('tools of others are an error, or left out', () => {
  const tools = [native('anthropic', { type: 'bash_20250124', name: 'bash' })];
  expect(() => write({ tools })).toThrow(/tools\[type=bash_20250124\]/);
  expect(bodyOf({ tools }, target(undefined, { drop: true }))).not.toHaveProperty('tools');
});

describe('JSON', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const responseFormat = { type: 'json_schema' as const, schema };

  it('of any form is asked for by its type alone', () => {
    expect(bodyOf({ responseFormat: { type: 'json_object' } })['generationConfig']).toEqual({ responseMimeType: 'application/json' });
    expect(bodyOf({ responseFormat: { type: 'text' } })).not.toHaveProperty('generationConfig');
  });

  it('stands beside functions since Gemini 3', () => {
    const body = bodyOf({ responseFormat, tools: [WEATHER] }, THIRD);
    expect(body['generationConfig']).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema });
    expect(body['tools']).toMatchObject([{ functionDeclarations: [{ name: 'get_weather' }] }]);
  });

  it('beside a choice of no function forces the one that answers', () => {
    const body = bodyOf({ responseFormat, tools: [WEATHER], toolChoice: { type: 'none' } });
    expect(body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['json_tool_call'] } });
  });

  it('never takes the name of a function of the client', () => {
    const tools: Tool[] = [{ type: 'function', name: 'json_tool_call' }];
    const chat = write({ responseFormat, tools });
    const content = { parts: [{ functionCall: { name: 'json_tool_call' } }] };
    expect(chat.answer({ candidates: [{ content, finishReason: 'STOP' }] }).choices[0]?.parts).toMatchObject([{ type: 'tool_call' }]);
  });

  it('beside Google’s own tools is asked for in words before Gemini 3', () => {
    const body = bodyOf({ responseFormat, webSearch: {} });
    expect(body).not.toHaveProperty('generationConfig');
    expect(JSON.stringify(body['contents']) + JSON.stringify(body['systemInstruction'])).toContain('JSON Schema');
    expect(body['systemInstruction']).toBeDefined();
  });
});

describe('the schema of older models', () => {
  const subset = (parameters: Record<string, unknown>): unknown => declared(parameters, 'gemini-1.5-flash')['parameters'];

  it('has references in place, null as nullable, and enums of text', () => {
    expect(
      subset({
        type: 'object',
        additionalProperties: false,
        properties: {
          place: { $ref: '#/definitions/place', description: 'where' },
          maybe: { anyOf: [{ type: 'integer' }, { type: 'null' }], title: 'Maybe' },
          either: { type: ['string', 'integer'] },
          level: { type: 'integer', enum: [1, 2] },
          when: { type: 'string', format: 'date-time' },
          mail: { type: 'string', format: 'email' },
          list: { type: 'array' },
          bag: { type: 'object', properties: {} },
        },
        definitions: { place: { type: 'object', properties: { city: { type: 'string', default: 'Bern' } }, required: ['city'] } },
      }),
    ).toEqual({
      type: 'object',
      properties: {
        place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], description: 'where' },
        maybe: { type: 'integer', nullable: true, title: 'Maybe' },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        level: { type: 'string', format: 'enum', enum: ['1', '2'] },
        when: { type: 'string', format: 'date-time' },
        mail: { type: 'string' },
        list: { type: 'array', items: { type: 'string' } },
        bag: { type: 'object' },
      },
    });
  });

  it('cannot hold itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } };
    expect(() => subset({ type: 'object', properties: { first: { $ref: '#/$defs/node' } }, $defs: { node } })).toThrow(/holds itself/);
    expect(() => subset({ type: 'object', properties: { a: { $ref: '#' } } })).toThrow(/holds itself/);
  });

  it('may point to nothing', () => {
    expect(subset({ type: 'object', properties: { a: { $ref: '#/$defs/gone' } } })).toEqual({ type: 'object', properties: { a: {} } });
  });
});
