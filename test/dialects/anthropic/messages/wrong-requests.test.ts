import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, InvalidRequestError } from '../../../../src/core/errors.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { forOtherHost } from '../../../../src/dialects/anthropic/messages/other-host.ts';
import { readMessagesCountRequest, readMessagesRequest } from '../../../../src/dialects/anthropic/messages/request.ts';
import { body } from './wire.ts';

function refusalOf(members: JsonObject): unknown {
  try {
    readMessagesRequest(body(members), 'group');
  } catch (error) {
    if (error instanceof InvalidRequestError) return [error.param, error.message];
    throw error;
  }
  return 'taken';
}

function turn(block: unknown, role = 'user'): JsonObject {
  return {
    messages: [
      { role: 'user', content: 'Hi' },
      { role, content: [block] },
    ],
  };
}

describe('a wrong request is refused, and the member named', () => {
  it.each<[JsonObject, string, string]>([
    [{ max_tokens: undefined }, 'max_tokens', 'max_tokens: Field required'],
    [{ max_tokens: 0 }, 'max_tokens', 'max_tokens: Input should be greater than or equal to 1'],
    [{ max_tokens: 1.5 }, 'max_tokens', 'max_tokens: Input should be a valid integer'],
    [{ messages: undefined }, 'messages', 'messages: Field required'],
    [{ messages: 'Hi' }, 'messages', 'messages: Input should be a valid list'],
    [{ messages: [] }, 'messages', 'messages: at least one message is required'],
    [{ messages: ['Hi'] }, 'messages.0', 'messages.0: Input should be a valid dictionary'],
    [{ messages: [{ role: 'tool', content: 'a' }] }, 'messages.0.role', "messages.0.role: Input should be 'user', 'assistant' or 'system'"],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content', 'messages.0.content: Field required'],
    [turn({ text: 'a' }), 'messages.1.content.0.type', 'messages.1.content.0.type: Field required'],
    [turn({ type: 'text' }), 'messages.1.content.0.text', 'messages.1.content.0.text: Field required'],
    [turn({ type: 'text', text: 5 }), 'messages.1.content.0.text', 'messages.1.content.0.text: Input should be a valid string'],
    [turn({ type: 'image' }), 'messages.1.content.0.source', 'messages.1.content.0.source: Field required'],
    [
      turn({ type: 'image', source: { type: 'gif' } }),
      'messages.1.content.0.source.type',
      "messages.1.content.0.source.type: Input should be 'base64', 'url' or 'file'",
    ],
    [
      turn({ type: 'image', source: { type: 'base64', data: 'a' } }),
      'messages.1.content.0.source.media_type',
      'messages.1.content.0.source.media_type: Field required',
    ],
    [turn({ type: 'tool_result' }), 'messages.1.content.0.tool_use_id', 'messages.1.content.0.tool_use_id: Field required'],
    [
      turn({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_use' }] }),
      'messages.1.content.0.content.0.type',
      "messages.1.content.0.content.0.type: Input should be 'text', 'image', 'document', 'search_result' or 'tool_reference'",
    ],
    [
      turn({ type: 'tool_use', id: 'a', name: 'f', input: '{}' }, 'assistant'),
      'messages.1.content.0.input',
      'messages.1.content.0.input: Input should be a valid dictionary',
    ],
    [
      turn({ type: 'tool_use', id: 'a', name: 'f', input: {} }),
      'messages.1.content.0.type',
      'messages.1.content.0.type: tool_use blocks may not stand in a turn of the user',
    ],
    [
      turn({ type: 'tool_result', tool_use_id: 'a' }, 'assistant'),
      'messages.1.content.0.type',
      'messages.1.content.0.type: tool_result blocks may not stand in a turn of the assistant',
    ],
    [{ system: [{ type: 'image' }] }, 'system.0.type', "system.0.type: Input should be 'text'"],
    [{ temperature: 'hot' }, 'temperature', 'temperature: Input should be a valid number'],
    [{ stream: 'yes' }, 'stream', 'stream: Input should be a valid boolean'],
    [{ stop_sequences: ['a', 1] }, 'stop_sequences.1', 'stop_sequences.1: Input should be a valid string'],
    [{ tools: [{ input_schema: {} }] }, 'tools.0.name', 'tools.0.name: Field required'],
    [{ tools: [{ name: 'f' }] }, 'tools.0.input_schema', 'tools.0.input_schema: Field required'],
    [{ tool_choice: { type: 'all' } }, 'tool_choice.type', "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'"],
    [{ tool_choice: { type: 'tool' } }, 'tool_choice.name', 'tool_choice.name: Field required'],
    [{ thinking: {} }, 'thinking.type', 'thinking.type: Field required'],
    [
      { output_config: { format: { type: 'xml' } } },
      'output_config.format.type',
      "output_config.format.type: Input should be 'json_schema'",
    ],
    [{ metadata: { user_id: 1 } }, 'metadata.user_id', 'metadata.user_id: Input should be a valid string'],
  ])('%j', (members, param, message) => {
    expect(refusalOf(members)).toEqual([param, message]);
  });

  it('whatever stands in it: it is read or refused, never a failure of ours', () => {
    const names = [
      'messages',
      'system',
      'tools',
      'tool_choice',
      'thinking',
      'output_config',
      'metadata',
      'stop_sequences',
      'type',
      'role',
      'content',
      'source',
      'input',
    ];
    const words = [
      'user',
      'assistant',
      'text',
      'image',
      'document',
      'search_result',
      'tool_use',
      'tool_result',
      'thinking',
      'base64',
      'content',
      'tool',
    ];
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...words, '', null, true, 1, -1),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 5 }),
      ),
    }));
    const block = fc.dictionary(fc.constantFrom(...names, 'text', 'id', 'name', 'title'), node, { maxKeys: 6 });
    const wrong = fc.record({
      messages: fc.array(
        fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.array(fc.oneof(block, node), { maxLength: 3 }) }),
      ),
      tools: fc.oneof(node, fc.array(block)),
      system: node,
      thinking: node,
      output_config: node,
    });
    fc.assert(
      fc.property(wrong, (members) => {
        try {
          forOtherHost(readMessagesCountRequest(members, 'group'));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
