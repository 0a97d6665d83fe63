import { stat } from 'node:fs/promises';
import type { Config } from './config.ts';
import type { Loaded } from './load.ts';
import type { Problem } from './problem.ts';

/** What a change of the files led to. With `problems` the configuration that runs goes on. */
export type ConfigChange = { readonly config: Config } | { readonly problems: readonly Problem[] };

export interface WatchRequest {
  /** The configuration that runs at the start. */
  readonly config: Config;
  /** Reads the files again. */
  readonly load: () => Promise<Loaded>;
  readonly onChange: (change: ConfigChange) => void;
  /** Milliseconds between two looks; two looks with the same result make a change. */
  readonly pollMs?: number;
}

/**
 * Watches the files of a configuration, includes too, and tells of changes within two seconds. It looks at size, time and
 * identity of each file rather than asking the system for events: that works on network shares, in containers, with mounted
 * secrets that are links, and with editors that replace the file. What is still being written is left alone until it rests.
 *
 * A file that cannot be used, is empty or gone changes nothing: the problems are told once, and what runs goes on.
 */
export class ConfigWatcher {
  readonly #load: () => Promise<Loaded>;
  readonly #onChange: (change: ConfigChange) => void;
  readonly #pollMs: number;
  #files: readonly string[];
  /** Fingerprint of the last text that was told of. */
  #fingerprint: string;
  /** State of the files when they were last read. */
  #settled: string | null = null;
  /** State of the files at the last look. */
  #seen: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #stopped = false;

  constructor({ config, load, onChange, pollMs = 500 }: WatchRequest) {
    this.#files = config.files;
    this.#fingerprint = config.fingerprint;
    this.#load = load;
    this.#onChange = onChange;
    this.#pollMs = pollMs;
  }

  /** Begins to look. What changed since the configuration was read is found too. */
  start(): void {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends the looking; nothing is told afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  /** Looks once, as the timer does. */
  async look(): Promise<void> {
    const state = await stateOf(this.#files);
    const rests = state === this.#seen;
    this.#seen = state;
    if (!rests || state === this.#settled) return;
    this.#settled = state;
    const loaded = await this.#load();
    this.#watchAlso(loaded);
    if (loaded.fingerprint === this.#fingerprint) return;
    this.#fingerprint = loaded.fingerprint;
    this.#tell(changeOf(loaded));
  }

  #tell(change: ConfigChange): void {
    if (!this.#stopped) this.#onChange(change);
  }

  /** A file that is wrong may name other includes than the one that runs: both sets matter until it is right. */
  #watchAlso({ config, files }: Loaded): void {
    const before = this.#files;
    this.#files = config ? files : [...new Set([...before, ...files])];
    if (this.#files.length !== before.length || this.#files.some((file, index) => file !== before[index])) {
      // New files were just read, but their state was not in the look.
      this.#seen = null;
      this.#settled = null;
    }
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
        .catch((error: unknown) => this.#tell({ problems: [unforeseen(error)] }))
        .finally(() => {
          this.#looking = null;
          if (!this.#stopped) this.#schedule();
        });
    }, this.#pollMs);
    this.#timer.unref();
  }
}

function changeOf({ config, problems, files, absent }: Loaded): ConfigChange {
  const file = files[0] ?? '';
  const whole = { file, line: 0, column: 0, key: '' };
  if (absent === 'missing')
    return { problems: [{ ...whole, severity: 'warning', message: 'is gone; the configuration that was read before goes on' }] };
  if (absent === 'empty')
    return { problems: [{ ...whole, severity: 'warning', message: 'is empty; the configuration that was read before goes on' }] };
  return config ? { config } : { problems };
}

function unforeseen(error: unknown): Problem {
  const name = error instanceof Error ? error.name : 'unknown error';
  return {
    severity: 'warning',
    file: 'environment',
    line: 0,
    column: 0,
    key: '',
    message: `the configuration could not be read again (${name})`,
  };
}

async function stateOf(files: readonly string[]): Promise<string> {
  const states = await Promise.all(files.map(stampOf));
  return states.join('\n');
}

async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${file} ${ino} ${size} ${mtimeNs}`;
  } catch {
    return `${file} absent`;
  }
}
