import { callRow } from '../../control/call-row.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { TokenCounter } from '../../ledger/tokens/counter.ts';
import { Limits } from '../../limits/limits.ts';
import { SpendTicks } from '../../web/spend-ticks.ts';
import { globalBudgetOf, ledgerSettingsOf, limitSettingsOf } from '../settings.ts';
import { spendSink } from '../spend-sink.ts';
import type { Ground } from './ground.ts';
import type { StoreParts } from './store.ts';

/**
 * What calls may cost and what they did cost.
 *
 * @param onFlush told after each flush of the ledger
 */
export function composeMoney(
  { assets, clock, config, home, hub, log }: Ground,
  { database, journal }: StoreParts,
  onFlush: (error: Error | null) => void,
) {
  const limits = new Limits({ clock, ...limitSettingsOf(config) });
  limits.setGlobalBudget(globalBudgetOf(config));
  const ticks = new SpendTicks(clock, (tick) => {
    hub.tell('spend', tick);
  });
  const ledger = new Ledger({
    clock,
    journal,
    sink: spendSink(database),
    ...ledgerSettingsOf(config),
    onFlush,
    onSettled: (record) => {
      home().booked(record);
      if (hub.wants('spend')) ticks.add(record);
      if (hub.wants('calls')) hub.tell('calls', callRow(record), { userId: record.user_id });
    },
    onUnwritable: (record, error) => {
      log.error(
        { record: record.kind === 'settle' ? record.request_id : null, err: error },
        'The database refuses a spend record; it is left out',
      );
    },
  });
  return { limits, ledger, ticks, counter: new TokenCounter({ workerUrl: assets.countWorker }) };
}

export type MoneyParts = ReturnType<typeof composeMoney>;
