/** One entry of Core's log: a line with a time and what follows it. */
export interface LogRecord {
  readonly level: string;
  /** Name of the logger, such as `homeassistant.setup`. */
  readonly logger: string;
  /** Message, with the traceback when there is one. */
  readonly text: string;
}

const HEAD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\S* (\w+) \([^)]*\) \[([^\]]+)\] (.*)$/;

/** What a Core without ffmpeg, libturbojpeg and pip says, and nothing else. */
const HARMLESS: readonly { readonly logger: string; readonly text: RegExp }[] = [
  { logger: 'haffmpeg.core', text: /^FFmpeg fails \[Errno 2\]/ },
  { logger: 'haffmpeg.tools', text: /^Error starting FFmpeg/ },
  { logger: 'homeassistant.components.camera.img_util', text: /^Error loading libturbojpeg/ },
  { logger: 'homeassistant.bootstrap', text: /^Skipping pip installation/ },
  { logger: 'aiohttp_fast_zlib', text: /are not available, falling back to zlib/ },
  { logger: 'homeassistant.loader', text: /^We found a custom integration/ },
];

/** What one Core said, as lines and as records. */
export class CoreLog {
  readonly lines: string[] = [];
  #rest = '';

  /** Takes a piece of standard output or error. */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.lines.push(...lines);
  }

  records(): LogRecord[] {
    const records: { level: string; logger: string; text: string }[] = [];
    for (const line of this.lines) {
      const [, level = '', logger = '', text = ''] = HEAD.exec(line) ?? [];
      const last = records.at(-1);
      if (level) records.push({ level, logger, text });
      else if (last) last.text += `\n${line}`;
    }
    return records;
  }

  /** Errors and warnings that are not among the known harmless ones. A test may demand that there are none. */
  troubles(levels: readonly string[] = ['ERROR', 'CRITICAL']): LogRecord[] {
    return this.records().filter(
      ({ level, logger, text }) => levels.includes(level) && !HARMLESS.some((known) => known.logger === logger && known.text.test(text)),
    );
  }

  /** Attempts to reach another machine, all of them refused. */
  attemptsToLeave(): string[] {
    return this.lines.filter((line) => line.startsWith('LEAVES THIS MACHINE'));
  }

  /** The end of it, for an error message. */
  tail(lines = 15): string {
    return this.lines.slice(-lines).join('\n');
  }
}
