import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Width up to which the panel has its bottom bar and two-line rows, as the frontend of Home Assistant. */
const NARROW = '(max-width: 870px)';

/** Whether the panel is narrow now; asks the host to render when that changes. */
export class Narrow implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #query = matchMedia(NARROW);
  readonly #onChange = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get matches(): boolean {
    return this.#query.matches;
  }

  hostConnected(): void {
    this.#query.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener('change', this.#onChange);
  }
}
