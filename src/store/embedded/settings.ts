/** The superuser, and the database that everything is in. */
export const ROLE = 'gateway';
export const DATABASE = 'gateway';

/**
 * `postgresql.conf`, written anew before every start. Made for a small board: one client program, a socket, no replication,
 * at most 70 MB beside an idle gateway.
 *
 * @param maxConnections pool, listener and room for an administrator
 * @param durable false only in tests: a power cut may then lose the cluster
 */
export function postgresqlConf(maxConnections: number, durable: boolean): string {
  const settings: Readonly<Record<string, string | number>> = {
    listen_addresses: "''",
    unix_socket_permissions: '0700',
    max_connections: maxConnections,
    password_encryption: "'scram-sha-256'",

    shared_buffers: '32MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    huge_pages: 'off',
    jit: 'off',
    max_worker_processes: 4,
    max_parallel_workers: 2,
    max_parallel_maintenance_workers: 1,
    autovacuum_max_workers: 2,

    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    wal_compression: 'on',
    min_wal_size: '48MB',
    max_wal_size: '256MB',
    checkpoint_timeout: '15min',
    // After a crash: one sync of the file system instead of one for each of a thousand files.
    recovery_init_sync_method: 'syncfs',

    timezone: "'UTC'",
    log_timezone: "'UTC'",
    lc_messages: "'C'",
    log_line_prefix: "'%m [%p] '",
    log_checkpoints: 'off',
    // Statements and their errors quote keys and texts of users: they are never logged.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `# Written by the gateway at every start; changes here are lost.\n${lines.join('\n')}\n`;
}

/** `pg_hba.conf`: the socket, with a password. */
export const PG_HBA = 'local all all scram-sha-256\n';
