/** Why the journal takes no records: the disk refused, its size limit is reached, or it is not open. */
export type UnavailableReason = 'disk' | 'full' | 'closed';

/** A record could not be written down. Nothing of it is in the journal (ruling M15). */
export class JournalUnavailableError extends Error {
  override readonly name = 'JournalUnavailableError';
  readonly reason: UnavailableReason;
  constructor(reason: UnavailableReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** Another living process has the folder open. */
export class JournalLockedError extends Error {
  override readonly name = 'JournalLockedError';
  readonly pid: number;
  constructor(directory: string, pid: number) {
    super(`The journal in ${directory} is open in process ${pid}; two gateways cannot share one data folder.`);
    this.pid = pid;
  }
}

/** The `code` of a system error (`ENOSPC`, `EROFS` ...), or null. */
export function systemCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
