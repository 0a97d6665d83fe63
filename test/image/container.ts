import { spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A program that runs under the image's root. */
export class Inside {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = '';
  #watchers: (() => void)[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    const take = (text: string): void => {
      this.output += text;
      for (const look of this.#watchers) look();
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ code, output: this.output });
      });
    });
  }

  /** The process that was started, which `start` becomes: `exec` all the way. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it says this. @throws when it ends before, with all that it said */
  async says(pattern: RegExp): Promise<void> {
    if (pattern.test(this.output)) return;
    const said = new Promise<void>((resolve) => {
      this.#watchers.push(() => {
        if (pattern.test(this.output)) resolve();
      });
    });
    const early = this.ended.then(({ code, output }) => {
      throw new Error(`ended with ${code} before it said ${pattern}:\n${output}`);
    });
    await Promise.race([said, early]);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** What `docker run` would mount and set, in a root of the image; names of the host's own system are not touched. */
export class Container {
  readonly root: string;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env of the image, and what Supervisor sets */
  constructor(root: string, env: Readonly<Record<string, string>>) {
    this.root = root;
    this.#env = env;
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** Empty folders where Supervisor mounts its own. */
  async mount(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await rm(this.at(path), { recursive: true, force: true });
      await mkdir(this.at(path), { recursive: true });
      await chown(this.at(path), 0, 0);
    }
  }

  options(options: Readonly<Record<string, unknown>>): Promise<void> {
    return writeFile(this.at('data/options.json'), JSON.stringify(options));
  }

  /** Runs a program as root with /proc and /dev, in mounts of its own that end with it. */
  run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Inside {
    const script = 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"';
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    return new Inside(
      spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, this.root, ...command], {
        env: { PATH: path, HOME: '/root', ...this.#env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }
}
