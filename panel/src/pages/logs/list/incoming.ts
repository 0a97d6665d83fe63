import type { CallRow } from '../../../api/calls.ts';

/**
 * Calls that came in since the list was loaded. While the reader is inside the table they wait, so that no row moves away under the pointer.
 */
export class Incoming {
  #shown: readonly CallRow[] = [];
  #waiting: readonly CallRow[] = [];
  #paused = false;

  /** Those in the list, newest first. */
  get shown(): readonly CallRow[] {
    return this.#shown;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** @returns whether anything changed: a call that is known already is not taken twice */
  take(row: CallRow): boolean {
    if ([...this.#shown, ...this.#waiting].some(({ request_id: id }) => id === row.request_id)) return false;
    if (this.#paused) this.#waiting = [row, ...this.#waiting];
    else this.#shown = [row, ...this.#shown];
    return true;
  }

  /** Not any more: those that wait come into the list. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) return;
    this.#shown = [...this.#waiting, ...this.#shown];
    this.#waiting = [];
  }

  clear(): void {
    this.#shown = [];
    this.#waiting = [];
  }
}
