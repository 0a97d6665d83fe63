import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../core/json-object.ts';

/**
 * Whether HACS says that it installed the integration. Two of its files may tell; one that cannot be read tells nothing.
 *
 * @param configuration Home Assistant's configuration folder
 */
export async function hacsHas(configuration: string, domain: string): Promise<boolean> {
  const [repositories, older] = await Promise.all(
    ['hacs.repositories', 'hacs.data'].map((name) => dataOf(join(configuration, '.storage', name))),
  );
  return [...rowsOf(repositories), ...rowsOf(olderRows(older))].some(
    (row) => isObject(row) && row['domain'] === domain && row['installed'] === true,
  );
}

async function dataOf(file: string): Promise<unknown> {
  try {
    const stored: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isObject(stored) ? stored['data'] : null;
  } catch {
    return null;
  }
}

function olderRows(data: unknown): unknown {
  const repositories = isObject(data) ? data['repositories'] : null;
  return isObject(repositories) ? repositories['integration'] : null;
}

function rowsOf(rows: unknown): unknown[] {
  return Array.isArray(rows) ? rows : isObject(rows) ? Object.values(rows) : [];
}
