import { expect } from 'vitest';
import type { StreamPart } from '../../src/core/answer.ts';

/** Law: a start first and once, calls opened before they are told and closed before the end, and nothing but usage behind the finishes. */
export function expectLawfulParts(parts: readonly StreamPart[]): void {
  expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
  if (parts.length > 0) expect(parts[0]?.type).toBe('start');
  const finish = parts.findIndex(({ type }) => type === 'finish');
  const ends = parts.slice(finish === -1 ? parts.length : finish);
  expect(ends.every(({ type }) => type === 'usage' || type === 'finish')).toBe(true);
  const ended = ends.flatMap((part) => (part.type === 'finish' ? [part.choice ?? 0] : []));
  expect(new Set(ended).size).toBe(ended.length);
  const open = new Map<number, string>();
  const ids = new Set<string>();
  let next = 0;
  for (const part of parts) {
    if (part.type === 'text_delta' || part.type === 'reasoning_delta') expect(typeof part.text).toBe('string');
    if (part.type === 'tool_call_start') {
      expect([part.index, ids.has(part.id), part.id === '']).toEqual([next++, false, false]);
      ids.add(part.id);
      open.set(part.index, '');
    }
    if (part.type === 'tool_call_delta') {
      expect(open.has(part.index)).toBe(true);
      open.set(part.index, open.get(part.index) + part.arguments);
    }
    if (part.type === 'tool_call_end') {
      expect(open.get(part.index)).not.toBe('');
      open.delete(part.index);
    }
  }
  if (finish !== -1) expect(open.size).toBe(0);
}
