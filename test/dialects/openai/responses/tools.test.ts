import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import { CustomText } from '../../../../src/dialects/openai/responses/custom-text.ts';
import { history, outputOf, read } from './wire.ts';

const plainTool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } };
const custom = { type: 'custom', name: 'patch', description: 'Applies a patch.' };
const namespace = { type: 'namespace', name: 'crm', description: 'Customers.', tools: [{ ...plainTool, name: 'find' }, custom] };

const toolsOf = (tools: readonly JsonObject[], members: JsonObject = {}): JsonObject => ({ ...read({ tools, ...members }).request });
const called = (name: string, text: string): Part => ({ type: 'tool_call', id: 'c', name, arguments: text });

describe('tools', () => {
  it('are functions as the client gave them', () => {
    const given = { ...plainTool, description: 'd', strict: true };
    expect(toolsOf([given])['tools']).toEqual([given]);
  });

  it('that take free text become functions with one string', () => {
    expect(toolsOf([custom])['tools']).toEqual([
      {
        type: 'function',
        name: 'patch',
        description: 'Applies a patch.',
        parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false },
      },
    ]);
  });

  it('tell the model the grammar that their text must match', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
    expect(toolsOf([{ ...custom, format }])['tools']).toMatchObject([
      { description: 'Applies a patch.\n\nThe input must match this grammar (lark):\nstart: "x"' },
    ]);
  });

  it('of a namespace have its name before theirs', () => {
    expect(toolsOf([namespace])['tools']).toMatchObject([
      { name: 'crm__find', description: 'Tools named crm__*: Customers.' },
      { name: 'crm__patch', description: 'Applies a patch.' },
    ]);
  });

  it('keep two tools apart that would be named alike', () => {
    const names = (toolsOf([namespace, { ...plainTool, name: 'crm__find' }])['tools'] as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    const [first = '', , second = ''] = names;
    const items = outputOf([called(first, '{}'), called(second, '{}')], { tools: [namespace, { ...plainTool, name: 'crm__find' }] });
    expect(items).toMatchObject([{ name: 'find', namespace: 'crm' }, { name: 'crm__find' }]);
    expect(items[1]).not.toHaveProperty('namespace');
  });

  it('of one name are told once', () => {
    const other = { ...plainTool, name: 'g' };
    expect(toolsOf([plainTool, other, { ...plainTool, description: 'again' }])['tools']).toEqual([plainTool, other]);
  });

  it('shorten a long name and give the client its own back', () => {
    const long = 'n'.repeat(40);
    const tools = [{ ...namespace, name: long, tools: [{ ...plainTool, name: long }] }];
    const [{ name }] = toolsOf(tools)['tools'] as [{ name: string }];
    expect(name.length).toBeLessThanOrEqual(64);
    expect(outputOf([called(name, '{}')], { tools })).toMatchObject([{ name: long, namespace: long }]);
  });

  it('that search the web become a search of the provider', () => {
    const search = { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', country: 'DE' } };
    expect(toolsOf([search])).toMatchObject({
      webSearch: { contextSize: 'low', userLocation: { type: 'approximate', approximate: { country: 'DE' } } },
    });
    expect(toolsOf([{ type: 'web_search_preview' }])['webSearch']).toEqual({});
    expect(read({ tools: [search] }).asked.leftOut).toEqual([]);
  });

  it.each(['image_generation', 'local_shell', 'computer_use_preview', 'file_search', 'code_interpreter', 'mcp', 'of_tomorrow'])(
    'that OpenAI runs are left out, and it is told: %s',
    (type) => {
      const { request, asked } = read({ tools: [{ type }, plainTool], tool_choice: { type } });
      expect(request).toMatchObject({ tools: [plainTool] });
      expect(request).not.toHaveProperty('toolChoice');
      expect(asked.leftOut).toEqual([`tools[0]: this provider cannot run '${type}'`, `tool_choice: this provider cannot run '${type}'`]);
    },
  );

  it('are nothing at all when none is left', () => {
    const { request } = read({ tools: [{ type: 'file_search' }], tool_choice: 'required', parallel_tool_calls: false });
    for (const name of ['tools', 'toolChoice', 'parallelToolCalls']) expect(request).not.toHaveProperty(name);
  });
});

describe('the choice of a tool', () => {
  const tools = [plainTool, custom, namespace];

  it.each<[unknown, unknown]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'custom', name: 'patch' },
      { type: 'function', name: 'patch' },
    ],
    [
      { type: 'function', name: 'find', namespace: 'crm' },
      { type: 'function', name: 'crm__find' },
    ],
  ])('%j', (choice, expected) => {
    expect(toolsOf(tools, { tool_choice: choice })['toolChoice']).toEqual(expected);
  });

  it('among some leaves the others out', () => {
    const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'custom', name: 'patch' }, { type: 'file_search' }] };
    expect(toolsOf(tools, { tool_choice: choice })).toMatchObject({ tools: [{ name: 'patch' }], toolChoice: { type: 'required' } });
  });

  it('of one that there is not is refused', () => {
    expect(() => toolsOf(tools, { tool_choice: { type: 'function', name: 'g' } })).toThrow(
      "Tool choice 'g' not found in 'tools' parameter.",
    );
  });

  it('goes with whether several may be called at once', () => {
    expect(toolsOf(tools, { parallel_tool_calls: false })['parallelToolCalls']).toBe(false);
  });
});

describe('a call of a custom tool', () => {
  const text = '*** Begin Patch\n"ü"\n*** End Patch';

  it('gives the client the text alone', () => {
    expect(outputOf([called('patch', JSON.stringify({ input: text }))], { tools: [custom] })).toMatchObject([
      {
        type: 'custom_tool_call',
        id: expect.stringMatching(/^ctc_/) as string,
        call_id: 'c',
        name: 'patch',
        input: text,
        status: 'completed',
      },
    ]);
  });

  it.each([
    ['"x"', 'x', 'completed'],
    ['{"other":1}', '{"other":1}', 'completed'],
    ['{"input":"cut', 'cut', 'incomplete'],
    ['{"input":"cut\\u00', 'cut\\u00', 'incomplete'],
    ['{"input":"a\\uZZZZb"}', 'auZZZZb', 'completed'],
    ['{"inp', '{"inp', 'incomplete'],
    ['{"note":1,"input":"x"}', 'x', 'completed'],
    ['{"input":"a\nb"}', 'a\nb', 'completed'],
  ])('is what the model wrote where that keeps to no form: %j', (wire, input, status) => {
    expect(outputOf([called('patch', wire)], { tools: [custom] })).toMatchObject([{ input, status }]);
  });

  it('is told piece by piece, wherever its arguments are cut', () => {
    const wire = ` { "input" : ${JSON.stringify(`${text}\u0007\\u00e9🙂`)} } `;
    fc.assert(
      fc.property(fc.array(fc.nat(wire.length), { maxLength: 8 }), (at) => {
        const reader = new CustomText();
        const edges = [0, ...at.sort((a, b) => a - b), wire.length];
        const pieces = edges.slice(1).map((edge, i) => reader.push(wire.slice(edges[i], edge)));
        expect([...pieces, reader.end()].join('')).toBe(`${text}\u0007\\u00e9🙂`);
        expect(reader.isWhole).toBe(true);
      }),
    );
    expect(new CustomText().push('{"input":"The first')).toBe('The first');
  });

  it('takes text of any length, also one that is all escapes', () => {
    const long = '\u0001\n'.repeat(500_000);
    expect(outputOf([called('patch', JSON.stringify({ input: long }))], { tools: [custom] })[0]?.['input'] === long).toBe(true);
  });

  it('comes back as the call that the provider made', () => {
    const items = [
      { type: 'custom_tool_call', call_id: 'c', name: 'patch', input: text },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
    ];
    expect(history(...items)).toEqual([
      { role: 'assistant', parts: [called('patch', JSON.stringify({ input: text }))] },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'c', parts: [{ type: 'text', text: 'done' }] }] },
    ]);
  });

  it('of a namespace comes back under the name that the provider knows', () => {
    const items = [{ type: 'function_call', call_id: 'c', name: 'find', namespace: 'crm', arguments: '{}' }];
    expect(read({ input: items, tools: [namespace] }).request.messages[0]?.parts).toEqual([called('crm__find', '{}')]);
  });
});
