import type { ReactiveController, ReactiveControllerHost } from 'lit';

const AT_MOST_EACH_MS = 5_000;

/** Does something at most every five seconds, however often it is asked for: what spend changes need not be loaded at each call. */
export class Slowly implements ReactiveController {
  readonly #work: () => void;
  #timer = 0;
  #lastAt = -Infinity;

  constructor(host: ReactiveControllerHost, work: () => void) {
    this.#work = work;
    host.addController(this);
  }

  ask(): void {
    if (this.#timer !== 0) return;
    const wait = Math.max(0, this.#lastAt + AT_MOST_EACH_MS - performance.now());
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#lastAt = performance.now();
      this.#work();
    }, wait);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
