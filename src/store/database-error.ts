import type { DatabaseAddress } from './address.ts';

/**
 * Why a statement failed:
 * - `away`: no connection, or it broke; whether the statement took effect is unknown
 * - `conflict`: deadlock or serialization; nothing took effect
 * - `timeout`: the statement took longer than allowed
 * - `constraint`: a unique, foreign-key, check or not-null rule; see `constraint`
 * - `data`: a value does not fit its type
 * - `statement`: everything else, such as a missing table or right
 */
export type DatabaseFailure = 'away' | 'conflict' | 'timeout' | 'constraint' | 'data' | 'statement';

/** A database call failed. The message and its facts never hold values of rows or parameters. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly failure: DatabaseFailure;
  /** SQLSTATE, or the system's code (`ECONNREFUSED`). */
  readonly code: string | null;
  /** Name of the constraint that said no. */
  readonly constraint: string | null;
  /** Whether the same call may succeed later. */
  readonly transient: boolean;

  constructor(message: string, failure: DatabaseFailure, code: string | null = null, constraint: string | null = null) {
    super(message);
    this.failure = failure;
    this.code = code;
    this.constraint = constraint;
    this.transient = failure === 'away' || failure === 'conflict' || failure === 'timeout';
  }
}

/** Makes a {@link DatabaseError} of what the driver threw. */
export function databaseErrorOf(thrown: unknown): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const { code, message, constraint } = factsOf(thrown);
  return new DatabaseError(withoutValues(code, message), failureOf(code, message), code, constraint);
}

/** One line for the operator: which database, and why it does not answer. Never the password. */
export function connectionTrouble(address: DatabaseAddress, thrown: unknown): string {
  return `database ${JSON.stringify(address.database)} at ${address.host}: ${causeOf(address, thrown)}`;
}

/** What codes mean to an operator. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name is not known',
  ECONNREFUSED: 'the connection is refused: no PostgreSQL listens there',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the host',
  '3D000': 'this database does not exist (3D000)',
  '57P03': 'PostgreSQL is starting up or shutting down',
  '53300': 'PostgreSQL has no free connection (53300)',
};

function causeOf({ user }: DatabaseAddress, thrown: unknown): string {
  const { code, message } = factsOf(thrown);
  const known = code === null ? undefined : CAUSES[code];
  if (known !== undefined) return known;
  if (code === '28P01' || code === '28000') return `user ${JSON.stringify(user)} or the password is refused (${code})`;
  if (code === 'ENOENT')
    return message.startsWith('connect')
      ? 'there is no socket: PostgreSQL is not running'
      : 'a file that database_url names does not exist';
  if (/timeout|timed out/i.test(message)) return 'no answer';
  return code === null ? message : `${withoutValues(code, message)} (${code})`;
}

interface Facts {
  readonly code: string | null;
  readonly message: string;
  readonly constraint: string | null;
}

function factsOf(thrown: unknown): Facts {
  // Node tries every address of a name and joins the failures; the first one tells enough.
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return factsOf(thrown.errors[0]);
  if (!(thrown instanceof Error)) return { code: null, message: String(thrown), constraint: null };
  const { code, constraint } = thrown as Error & { readonly code?: unknown; readonly constraint?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    message: thrown.message,
    constraint: typeof constraint === 'string' ? constraint : null,
  };
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

function failureOf(code: string | null, message: string): DatabaseFailure {
  // Errors of the driver itself have no code: a broken or ended connection, or its own time-out.
  if (code === null) return /^query read timeout/i.test(message) ? 'timeout' : 'away';
  if (!SQLSTATE.test(code) || code.startsWith('E')) return 'away';
  // A standby: the primary moved, and the address will follow.
  if (code === '25006') return 'away';
  if (code === '57014' || code === '25P03' || code === '55P03') return 'timeout';
  switch (code.slice(0, 2)) {
    case '08':
    case '28':
    case '3D':
    case '53':
    case '57':
    case '58':
      return 'away';
    case '40':
      return 'conflict';
    case '23':
      return 'constraint';
    case '22':
      return 'data';
    default:
      return 'statement';
  }
}

/** "invalid input syntax for type uuid: "..."" quotes what was given; only the part before it is kept. */
function withoutValues(code: string | null, message: string): string {
  return code?.startsWith('22') ? message.replace(/:? ".*$/s, '') : message;
}
