import { NOTHING_STORED, STORED_SECTIONS } from '../config/stored-settings.ts';
import type { StoredSection, StoredSettings } from '../config/stored-settings.ts';
import { parseExact } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { Queries } from './queries.ts';
import type { Sealer } from './sealed.ts';
import { openedMembers, sealedMembers, type SealedMembers } from './sealed-members.ts';

export interface ReadSettings {
  readonly stored: StoredSettings;
  /** Sections with values that were sealed under another salt key: those are not in `stored`. */
  readonly lost: readonly StoredSection[];
}

/** Reads the settings of the database: one row for each section. */
export async function readSettingsRows(queries: Queries, sealer: Sealer): Promise<ReadSettings> {
  const rows = await queries.query<{ key: StoredSection; value: string }>(
    'select key, value::text as value from gateway.settings where key = any($1)',
    [STORED_SECTIONS],
  );
  const stored: Record<StoredSection, JsonObject> = { ...NOTHING_STORED };
  const lost: StoredSection[] = [];
  for (const { key, value } of rows) {
    const opened = openedMembers(columnsOf(parseExact(value)), sealer);
    stored[key] = opened.members;
    if (opened.lost) lost.push(key);
  }
  return { stored: { ...stored, environment_variables: textsOf(stored.environment_variables) }, lost };
}

/** Writes one section. What is secret, and every environment variable, is sealed. */
export async function writeSettingsRow(
  queries: Queries,
  sealer: Sealer,
  section: StoredSection,
  values: JsonObject,
  author: { readonly at: number; readonly by: string | null },
): Promise<void> {
  const { open, sealed } =
    section === 'environment_variables' ? { open: '{}', sealed: sealer.seal(JSON.stringify(values)) } : sealedMembers(values, sealer);
  await queries.execute(
    `insert into gateway.settings (key, value, updated_at, updated_by) values ($1, $2::jsonb, to_timestamp($3 / 1000.0), $4)
     on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [section, `{"open":${open},"sealed":${JSON.stringify(sealed)}}`, author.at, author.by],
  );
}

function columnsOf(value: unknown): SealedMembers {
  const row = isObject(value) ? value : {};
  return { open: JSON.stringify(row['open'] ?? {}), sealed: typeof row['sealed'] === 'string' ? row['sealed'] : null };
}

function textsOf(members: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
