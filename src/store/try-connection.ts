import { Client } from 'pg';

import type { DatabaseAddress } from './address.ts';
import { connectionTrouble } from './database-error.ts';

/**
 * Tries a database once.
 *
 * @returns null when it lets us in; else which one it is and why it does not, in one line and without the password
 */
export async function tryConnection(address: DatabaseAddress, withinMs: number): Promise<string | null> {
  const { connection } = address;
  const client = new Client({
    ...('url' in connection ? { connectionString: connection.url } : connection),
    fallback_application_name: 'llm-gateway',
    connectionTimeoutMillis: withinMs,
  });
  // Without a listener, a connection that breaks later would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return null;
  } catch (error) {
    return connectionTrouble(address, error);
  } finally {
    client.end().catch(() => {});
  }
}
