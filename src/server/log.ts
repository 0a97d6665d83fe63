import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/options.ts';

/** pino's words for ours. */
const PINO_LEVEL = { debug: 'debug', info: 'info', notice: 'info', warning: 'warn', error: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

const LEVEL_NAME: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'error' };

/** Members of a log record that are not facts of its own. */
const FRAME: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'err']);

export interface LogOptions {
  readonly level: LogLevel;
  /** JSON lines in place of plain ones (`json_logs`, ruling S15). Asked for each line: a reload may change it. */
  readonly json: () => boolean;
  readonly write: (line: string) => void;
}

/** The log: structured inside, plain lines for people outside. It never holds prompts, answers or secrets. */
export function createLog({ level, json, write }: LogOptions): Logger {
  const destination: DestinationStream = {
    write(line: string) {
      write(json() ? line : plain(line));
    },
  };
  return pino({ level: PINO_LEVEL[level], base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** `2026-01-31 12:00:00 info  Ready port=4000` */
function plain(line: string): string {
  const record = JSON.parse(line) as Record<string, unknown>;
  const time = String(record['time']).slice(0, 19).replace('T', ' ');
  const level = LEVEL_NAME[Number(record['level'])] ?? 'info';
  const facts = Object.entries(record)
    .filter(([name]) => !FRAME.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${time} ${level.padEnd(7)} ${typeof record['msg'] === 'string' ? record['msg'] : ''}${facts.join('')}${errorText(record['err'])}\n`;
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: string; message?: string };
  return `\n${stack ?? message ?? ''}`;
}
