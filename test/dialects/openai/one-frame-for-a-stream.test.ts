import { expect, test } from 'vitest';
import { ChatPassThrough } from '../../../src/dialects/openai/chat/pass-through.ts';

const chunk = (created: number, content: string, more: Record<string, unknown> = {}): string =>
  `data: ${JSON.stringify({ id: 'a', object: 'chat.completion.chunk', created, model: 'up', choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }], ...more })}\n\n`;

test('a stream whose provider changes time, id and kind on the way keeps the first ones for the client', () => {
  const stream = new ChatPassThrough({ clientModel: 'mine', keepUsage: false });
  const last = JSON.stringify({
    id: 'b',
    object: 'chat.completion.done',
    created: 12,
    model: 'up',
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  });
  const text = stream.push(Buffer.from(`${chunk(10, 'x')}${chunk(11, 'y')}data: ${last}\n\ndata: [DONE]\n\n`));
  const events = text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)) as Record<string, unknown>);
  expect(events).toHaveLength(3);
  for (const event of events) expect(event).toMatchObject({ id: 'a', created: 10, object: 'chat.completion.chunk', model: 'mine' });
});
