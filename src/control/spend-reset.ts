import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpendNotice } from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { addUsd, NO_USD, usdJson, type Usd } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { changeAuthorOf } from './answer.ts';
import { setSpendOfKey, spendOfKey, type KeyViewParts } from './key-view.ts';

export interface SpendResetParts extends KeyViewParts {
  readonly ring: KeyRing;
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** Throws until keys are loaded. */
  readonly ready: () => void;
}

/** Keys of one turn of the event loop. */
const PORTION = 250;

/** `/global/spend/reset` and `/global/spend/refresh` (control-plane 12.4). */
export function spendResetRoutes(parts: SpendResetParts): Route[] {
  const shared = { method: 'POST', group: 'global_spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/global/spend/reset'],
      rights: 'master',
      summary: 'Sets the spend of every key to 0. Rows and sums stay, and so does what people and all together spent.',
      shapes: { answer: SpendNotice },
      handle: (call) => reset(parts, call),
    },
    {
      ...shared,
      paths: ['/global/spend/refresh'],
      rights: 'read',
      summary: 'Does nothing: sums are always up to date.',
      shapes: { answer: SpendNotice },
      handle: (call) => {
        answerJson(call, { message: 'There is nothing to refresh: sums of spend are always up to date.', status: 'success' });
      },
    },
  ];
}

interface Done {
  readonly keys: number;
  readonly spend: Usd;
}

async function reset(parts: SpendResetParts, call: RouteCall): Promise<void> {
  parts.ready();
  parts.ledger.need();
  let done: Done = { keys: 0, spend: NO_USD };
  try {
    for await (const portion of cleared(parts)) done = { keys: done.keys + portion.keys, spend: addUsd(done.spend, portion.spend) };
  } finally {
    await note(parts, call, done);
  }
  answerJson(call, { message: `The spend of ${done.keys} keys was set to 0. Rows and sums stay as they are.`, status: 'success' });
}

/**
 * Clears one portion of keys after another, and lets everybody else work in between.
 *
 * @throws {LedgerUnavailableError} when the ledger cannot keep more; what was cleared before stays so
 */
async function* cleared(parts: SpendResetParts): AsyncGenerator<Done> {
  const { ring, ledger } = parts;
  let portion: VirtualKey[] = [];
  // The ring itself and no copy: of a hundred thousand that takes long. A key that is changed meanwhile is met once more.
  for (const key of ring.all()) {
    portion.push(key);
    if (portion.length < PORTION) continue;
    yield clear(parts, portion);
    portion = [];
    await nextTurn();
    ledger.need();
  }
  yield clear(parts, portion);
}

/** Spend is read and set in one step: what a call books before is cleared, what it books after stays. */
function clear(parts: SpendResetParts, keys: readonly VirtualKey[]): Done {
  const spent = keys
    .filter(({ fields }) => fields.successor === null)
    .map((key) => ({ key, spend: spendOfKey(parts, key) }))
    .filter(({ spend }) => spend !== NO_USD);
  parts.ledger.adjust(...spent.map(({ key }) => setSpendOfKey(parts, key, NO_USD)));
  return { keys: spent.length, spend: spent.reduce((sum, { spend }) => addUsd(sum, spend), NO_USD) };
}

/** One row for all of them. */
async function note({ audit }: SpendResetParts, call: RouteCall, { keys, spend }: Done): Promise<void> {
  await audit.record({
    action: 'updated',
    table: 'virtual_keys',
    objectId: 'all keys',
    before: { keys_with_spend: keys, spend: usdJson(spend) },
    after: { keys_with_spend: 0, spend: usdJson(NO_USD) },
    author: changeAuthorOf(call),
  });
}
