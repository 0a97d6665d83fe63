import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBridgeState, type BridgeAction, type BridgeState } from './prepare/bridge-state.ts';

/**
 * Between the running server and the app's start, which alone may write into Home Assistant's folder (home-assistant 15.2): what the start
 * found and did, and what the next one is to do.
 */
export class Delivery {
  readonly #folder: string;

  /** @param folder `bridge` in the data folder */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns null outside an app */
  found(): Promise<BridgeState | null> {
    return readBridgeState(join(this.#folder, 'state.json'));
  }

  /** Leaves a note for the next start of the app. */
  async ask(action: BridgeAction): Promise<void> {
    const file = join(this.#folder, 'request.json');
    await mkdir(this.#folder, { recursive: true });
    await writeFile(`${file}.tmp`, `${JSON.stringify({ action })}\n`, { mode: 0o600 });
    await rename(`${file}.tmp`, file);
  }
}
