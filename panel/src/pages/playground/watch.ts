import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Renders an element again whenever what it shows fires `change`.
 *
 * @param targets what is shown now @param onChange in place of rendering
 */
export function watch(host: ReactiveControllerHost, targets: () => readonly EventTarget[], onChange = () => host.requestUpdate()): void {
  host.addController(new Watch(host, targets, onChange));
}

class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #targets: () => readonly EventTarget[];
  readonly #onChange: () => void;
  #watched: readonly EventTarget[] = [];

  constructor(host: ReactiveControllerHost, targets: () => readonly EventTarget[], onChange: () => void) {
    this.#host = host;
    this.#targets = targets;
    this.#onChange = onChange;
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#follow(this.#targets());
  }

  hostDisconnected(): void {
    this.#follow([]);
  }

  #follow(targets: readonly EventTarget[]): void {
    for (const target of this.#watched) if (!targets.includes(target)) target.removeEventListener('change', this.#onChange);
    for (const target of targets) if (!this.#watched.includes(target)) target.addEventListener('change', this.#onChange);
    this.#watched = targets;
  }
}
