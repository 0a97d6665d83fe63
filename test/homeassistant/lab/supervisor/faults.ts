import { setTimeout as wait } from 'node:timers/promises';

import { ApiError } from './api-error.ts';

/** What goes wrong with calls of a path, while a test wants it. */
export interface Fault {
  /** Answer with this status instead. */
  readonly status?: number;
  /** Wait before anything else. */
  readonly delayMs?: number;
}

/** Things that go wrong in Supervisor's API. */
export class Faults {
  readonly #faults = new Map<string, Fault>();

  /** @param path the whole of it, such as `/addons/self/info` */
  set(path: string, fault: Fault): void {
    this.#faults.set(path, fault);
  }

  clear(): void {
    this.#faults.clear();
  }

  /** @throws {ApiError} when the path is to fail */
  async met(path: string): Promise<void> {
    const fault = this.#faults.get(path);
    if (!fault) return;
    if (fault.delayMs) await wait(fault.delayMs);
    if (fault.status) throw new ApiError(fault.status, 'A fault that the test asked for');
  }
}
