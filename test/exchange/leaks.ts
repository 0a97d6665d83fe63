import { expect } from 'vitest';
import type { TestGateway } from '../support/gateway.ts';

/** Nothing of any call is left: no reservation, no open record, no exchange with a provider. */
export async function expectNothingLeft({ parts }: TestGateway): Promise<void> {
  await expect
    .poll(() => ({ holds: parts.limits.openHolds, calls: parts.ledger.openCalls, exchanges: parts.transport.running }), {
      timeout: 30_000,
      interval: 10,
    })
    .toEqual({ holds: 0, calls: 0, exchanges: 0 });
}

/** The row of the last call, once it is settled. */
export async function lastRow(gateway: TestGateway): Promise<Record<string, unknown>> {
  await expectNothingLeft(gateway);
  const row = (await gateway.rows()).at(-1);
  if (!row) throw new Error('no row was written');
  return { ...row, metadata: typeof row['metadata'] === 'string' ? (JSON.parse(row['metadata']) as unknown) : row['metadata'] };
}

/** The events of a stream's text, parsed; `[DONE]` stays text. */
export function eventsIn(text: string): unknown[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => (event === 'data: [DONE]' ? '[DONE]' : JSON.parse(event.slice(6))));
}

/** The text that a stream's content pieces join to. */
export function contentOf(events: readonly unknown[]): string {
  return events.map((event) => (event as { choices?: { delta?: { content?: string } }[] }).choices?.[0]?.delta?.content ?? '').join('');
}
