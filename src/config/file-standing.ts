import type { ConfigChange } from './watch.ts';
import type { Problem } from './problem.ts';

/** What the configuration file holds that does not act. */
export interface FileFaults {
  /** The file cannot be used as it stands: the configuration before it goes on. Else single models are left out. */
  readonly refused: boolean;
  readonly problems: readonly Problem[];
}

/** How the configuration file stands against what runs, as it was last read. */
export class FileStanding {
  #faults: FileFaults;

  /** @param problems of the file that was read at the start */
  constructor(problems: readonly Problem[]) {
    this.#faults = leftOut(problems);
  }

  get faults(): FileFaults {
    return this.#faults;
  }

  /** The file has changed. */
  changed(change: ConfigChange): void {
    this.#faults = 'problems' in change ? { refused: true, problems: change.problems } : leftOut(change.config.warnings);
  }
}

function leftOut(problems: readonly Problem[]): FileFaults {
  return { refused: false, problems: problems.filter(({ severity }) => severity === 'error') };
}
