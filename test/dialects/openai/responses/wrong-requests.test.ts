import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { readResponsesRequest } from '../../../../src/dialects/openai/responses/request.ts';

/** The error that a body gets; its text and the member that it names. */
function refusal(body: JsonObject): { param: string | null; message: string } {
  try {
    readResponsesRequest(body, 'group');
  } catch (error) {
    if (error instanceof GatewayError) return { param: error.param, message: error.message };
    throw error;
  }
  throw new Error('the body was taken');
}

const user = (content: unknown): JsonObject => ({
  input: [
    { role: 'user', content: 'a' },
    { role: 'user', content },
  ],
});
const item = (members: JsonObject): JsonObject => ({ input: [members] });

describe('a wrong body is refused by the name of its member', () => {
  it.each<[string, JsonObject]>([
    ['input', {}],
    ['input', { input: 7 }],
    ['input[0]', { input: ['a'] }],
    ['input[1].content', user(undefined)],
    ['input[1].content', user(7)],
    ['input[1].content[0]', user(['a'])],
    ['input[1].content[0].type', user([{ text: 'a' }])],
    ['input[1].content[0].type', user([{ type: 'output_image' }])],
    ['input[1].content[0].text', user([{ type: 'input_text', text: 1 }])],
    ['input[1].content[0].image_url', user([{ type: 'input_image' }])],
    ['input[1].content[0].file_id', user([{ type: 'input_file' }])],
    ['input[1].content[0].input_audio.data', user([{ type: 'input_audio', input_audio: {} }])],
    ['input[0].role', item({ role: 'tool', content: 'a' })],
    ['input[0].role', item({ type: 'message', content: 'a' })],
    ['input[0].type', item({ type: 'no_such_item' })],
    ['input[0].type', item({ type: 7 })],
    ['input[0].id', item({ type: 'item_reference', id: 'msg_1' })],
    ['input[0].call_id', item({ type: 'function_call', name: 'f', arguments: '{}' })],
    ['input[0].name', item({ type: 'function_call', call_id: 'c', arguments: '{}' })],
    ['input[0].arguments', item({ type: 'function_call', call_id: 'c', name: 'f', arguments: {} })],
    ['input[0].input', item({ type: 'custom_tool_call', call_id: 'c', name: 'f' })],
    ['input[0].call_id', item({ type: 'function_call_output', output: 'a' })],
    ['input[0].output', item({ type: 'function_call_output', call_id: 'c' })],
    ['input[0].output[0].type', item({ type: 'function_call_output', call_id: 'c', output: [{ type: 'refusal', refusal: 'no' }] })],
    ['input[0].encrypted_content', item({ type: 'reasoning', encrypted_content: 7 })],
    ['instructions', { input: 'a', instructions: ['b'] }],
    ['tools', { input: 'a', tools: {} }],
    ['tools[0].type', { input: 'a', tools: [{}] }],
    ['tools[0].name', { input: 'a', tools: [{ type: 'function' }] }],
    ['tools[0].parameters', { input: 'a', tools: [{ type: 'function', name: 'f', parameters: 'x' }] }],
    ['tools[0].tools[0].name', { input: 'a', tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function' }] }] }],
    ['tool_choice', { input: 'a', tool_choice: 'any' }],
    ['tool_choice.mode', { input: 'a', tool_choice: { type: 'allowed_tools', tools: [] } }],
    ['tool_choice.name', { input: 'a', tool_choice: { type: 'function' } }],
    ['text.format.type', { input: 'a', text: { format: {} } }],
    ['text.format.schema', { input: 'a', text: { format: { type: 'json_schema', name: 'n' } } }],
    ['reasoning', { input: 'a', reasoning: 'low' }],
    ['reasoning.effort', { input: 'a', reasoning: { effort: 1 } }],
    ['max_output_tokens', { input: 'a', max_output_tokens: '9' }],
    ['stream', { input: 'a', stream: 'yes' }],
    ['store', { input: 'a', store: 'yes' }],
    ['truncation', { input: 'a', truncation: 'some' }],
    ['include[0]', { input: 'a', include: [1] }],
    ['previous_response_id', { input: 'a', previous_response_id: 1 }],
    ['metadata', { input: 'a', metadata: 'x' }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['conversation', { input: 'a', conversation: 'conv_1' }],
  ])('%s of %j', (param, body) => {
    expect(refusal(body).param).toBe(param);
  });

  it('tells what would have been right', () => {
    expect(refusal(user([{ type: 'output_image' }])).message).toContain("Supported values are: 'input_text', 'output_text'");
    expect(refusal(item({ role: 'tool', content: 'a' })).message).toBe(
      "Invalid value: 'tool'. Supported values are: 'user', 'assistant', 'system', and 'developer'.",
    );
    expect(refusal(item({ type: 'item_reference', id: 'msg_1' })).message).toBe(
      "Item with id 'msg_1' not found. Send the item itself, or 'previous_response_id'.",
    );
  });

  it('is either read or refused as invalid, whatever it holds', () => {
    const types = [
      'message',
      'function_call',
      'reasoning',
      'item_reference',
      'custom_tool_call_output',
      'input_text',
      'input_image',
      'namespace',
    ];
    const value: fc.Arbitrary<unknown> = fc.oneof(fc.anything(), fc.constantFrom<unknown>(...types, 'user', null, [], {}));
    const member = (...names: string[]): fc.Arbitrary<JsonObject> =>
      fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    const part = fc.oneof(
      value,
      member('type', 'text', 'image_url', 'file_data', 'input_audio').map((raw) => ({ ...raw, type: 'input_image' })),
    );
    const one = fc
      .tuple(
        fc.constantFrom(...types),
        member('role', 'content', 'call_id', 'name', 'arguments', 'output', 'encrypted_content', 'id'),
        fc.array(part),
      )
      .map(([type, raw, content]) => ({ type, content, ...raw }));
    const body = fc
      .tuple(fc.array(fc.oneof(value, one)), member('tools', 'tool_choice', 'text', 'reasoning', 'include', 'metadata', 'instructions'))
      .map(([input, members]) => ({ input, ...members }));
    fc.assert(
      fc.property(body, (wrong) => {
        try {
          readResponsesRequest(wrong, 'group');
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.param).toBeTruthy();
        }
      }),
      { numRuns: 1000 },
    );
  });
});
