import type { ReactiveController, ReactiveControllerHost } from 'lit';

const EVERY_MS = 200;

/** Renders an element five times a second while something runs: figures that move faster cannot be read. */
export function tick(host: ReactiveControllerHost, runs: () => boolean): void {
  host.addController(new Ticks(host, runs));
}

class Ticks implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #runs: () => boolean;
  #timer = 0;

  constructor(host: ReactiveControllerHost, runs: () => boolean) {
    this.#host = host;
    this.#runs = runs;
  }

  hostUpdated(): void {
    const runs = this.#runs();
    if (runs && this.#timer === 0) this.#timer = window.setInterval(() => this.#host.requestUpdate(), EVERY_MS);
    if (!runs) this.hostDisconnected();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = 0;
  }
}
