import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders its host again each second while it is shown, for what counts down and for "13 s ago". */
export class Ticking implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #eachMs: number;
  #timer = 0;

  constructor(host: ReactiveControllerHost, eachMs = 1000) {
    this.#host = host;
    this.#eachMs = eachMs;
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = window.setInterval(() => this.#host.requestUpdate(), this.#eachMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}
