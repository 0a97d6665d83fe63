import type { Queries } from '../store/queries.ts';
import { saltFingerprint } from './key-hash.ts';

const SETTING = 'salt_fingerprint';

/**
 * Whether the keys in the database were made under this salt key. The first start writes its fingerprint down; with another
 * salt key every virtual key is invalid (control-plane 3.2).
 */
export async function saltKeyMatches(database: Queries, saltKey: string): Promise<boolean> {
  const own = JSON.stringify(saltFingerprint(saltKey));
  await database.execute('insert into gateway.settings (key, value) values ($1, $2::jsonb) on conflict (key) do nothing', [SETTING, own]);
  const [row] = await database.query<{ value: string }>('select value::text as value from gateway.settings where key = $1', [SETTING]);
  return row?.value === own;
}
