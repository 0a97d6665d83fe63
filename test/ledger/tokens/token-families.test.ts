import { expect, test } from 'vitest';
import { chatJob } from '../../../src/ledger/tokens/chat-job.ts';
import { tokenFamily } from '../../../src/ledger/tokens/families.ts';

test.each([
  ['gpt-4o-mini', 'o200k_base', 1],
  ['gpt-4.1', 'o200k_base', 1],
  ['gpt-5.6-sol', 'o200k_base', 1],
  ['o3-mini', 'o200k_base', 1],
  ['openai.gpt-oss-120b-1:0', 'o200k_base', 1],
  ['gpt-4', 'cl100k_base', 1],
  ['gpt-4-0613', 'cl100k_base', 1],
  ['gpt-3.5-turbo', 'cl100k_base', 1],
  ['text-embedding-3-small', 'cl100k_base', 1],
  ['claude-sonnet-4-5', 'o200k_base', 1.2],
  ['us.anthropic.claude-opus-4-7-v1:0', 'o200k_base', 1.35],
  ['Qwen/Qwen3-8B', 'cl100k_base', 1],
  ['anything-else', 'o200k_base', 1],
])('%s counts like %s times %d', (model, encoding, ratio) => {
  expect(tokenFamily(model)).toMatchObject({ encoding, ratio });
});

test('a chat call is counted by its texts, its tools, three tokens a message, and fixed numbers for media', () => {
  const job = chatJob(
    {
      model: 'm',
      stream: false,
      others: {},
      extras: {},
      tools: [{ type: 'function', name: 'f' }],
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'be kind' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 'f', arguments: '{"a":1}' }] },
        { role: 'tool', parts: [{ type: 'tool_result', callId: 'c', parts: [{ type: 'text', text: 'done' }] }] },
        {
          role: 'user',
          name: 'eva',
          parts: [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.test' }, detail: 'low' }],
        },
        { role: 'user', parts: [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.test' } }] },
      ],
    },
    'gpt-4o',
  );
  expect(job).toEqual({
    model: 'gpt-4o',
    texts: ['be kind', 'f', '{"a":1}', 'done', 'eva', '[{"type":"function","name":"f"}]'],
    extra: 15 + 85 + 250,
  });
});
