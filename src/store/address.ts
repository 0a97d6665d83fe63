import { ConfigError } from '../core/errors.ts';

/** Where a PostgreSQL database is. Holds a password: never logged, never part of a message. */
export interface DatabaseAddress {
  /** For the driver. */
  readonly connection:
    | { readonly url: string }
    | { readonly host: string; readonly port: number; readonly database: string; readonly user: string; readonly password: string };
  /** Host and port, or the directory of the socket: for messages. */
  readonly host: string;
  readonly database: string;
  readonly user: string;
}

/** The address of a database on a Unix socket. */
export function socketAddress(directory: string, database: string, user: string, password: string): DatabaseAddress {
  return { connection: { host: directory, port: 5432, database, user, password }, host: directory, database, user };
}

/** The address as a URL with its password, for programs that take nothing else. */
export function addressUrl({ connection }: DatabaseAddress): string {
  if ('url' in connection) return connection.url;
  const { host, port, database, user, password } = connection;
  const place = `localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}`;
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}`;
}

/**
 * Reads a libpq URL: `postgresql://user:password@host:5432/database?sslmode=require`.
 * `sslmode` means what it means to libpq (`require` encrypts and does not check the certificate).
 *
 * @throws {ConfigError} when the text is no PostgreSQL URL; the message never shows it
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  // libpq allows a user without a host (a socket named by `?host=`); URL parsers do not.
  const url = URL.parse(text.trim().replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?]|$)/, '$1localhost'));
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ConfigError('database_url is not a PostgreSQL URL. It looks like postgresql://user:password@host:5432/database');
  }
  const named = url.searchParams.get('host') ?? decoded(url.hostname);
  const host = named || 'localhost';
  const user = url.searchParams.get('user') ?? decoded(url.username);
  const database = decoded(url.pathname.slice(1)) || user;
  if (!database) throw new ConfigError('database_url names no database: postgresql://user:password@host:5432/database');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  if (!named) url.searchParams.set('host', host);
  const ssl = url.searchParams.has('sslmode') && !url.searchParams.has('uselibpqcompat');
  if (ssl) url.searchParams.set('uselibpqcompat', 'true');
  return { connection: { url: url.href }, host: host.startsWith('/') ? host : `${host}:${port}`, database, user };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError('database_url holds a % that starts no %XX code; write a % itself as %25');
  }
}
