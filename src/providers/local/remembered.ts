import { isObject } from '../../core/json-object.ts';
import type { Queries, Transactions, Witness } from '../../store/queries.ts';

/** What the owner said about where to look. */
export interface Remembered {
  /** Addresses to look at beside the usual ones. */
  readonly named: readonly string[];
  /** Addresses whose servers are not offered. */
  readonly ignored: readonly string[];
}

const SETTING = 'local_servers';

export async function remembered(database: Queries, lock: 'for update' | '' = ''): Promise<Remembered> {
  const [row] = await database.query<{ value: string }>(`select value::text as value from gateway.settings where key = $1 ${lock}`, [
    SETTING,
  ]);
  const value: unknown = row ? JSON.parse(row.value) : null;
  return { named: textsIn(value, 'named'), ignored: textsIn(value, 'ignored') };
}

/** Changes it, several at a time one after another. */
export function remember(
  database: Transactions,
  change: (old: Remembered) => Remembered,
  by: string | null,
  witness: Witness<Remembered>,
): Promise<Remembered> {
  return database.transaction(async (queries) => {
    await queries.execute(`insert into gateway.settings (key, value) values ($1, '{}'::jsonb) on conflict (key) do nothing`, [SETTING]);
    const old = await remembered(queries, 'for update');
    const changed = change(old);
    await queries.execute('update gateway.settings set value = $2::jsonb, updated_at = now(), updated_by = $3 where key = $1', [
      SETTING,
      JSON.stringify(changed),
      by,
    ]);
    await witness(queries, old, changed);
    return changed;
  });
}

function textsIn(value: unknown, name: string): string[] {
  const list = isObject(value) ? value[name] : null;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
