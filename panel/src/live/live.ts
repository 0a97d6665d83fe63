import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { live, type LiveEvent, type LiveState, type Topic } from './live-client.ts';

interface LiveOptions {
  readonly topics: readonly Topic[];
  readonly onEvent?: (event: LiveEvent) => void;
  /** Load again: nothing tells us of changes at the moment, or something may have been missed. */
  readonly onPoll: () => void;
}

/**
 * Keeps an element told while it is shown:
 *
 *     readonly live = new Live(this, { topics: ['spend'], onEvent: () => this.data.reload(), onPoll: () => this.data.reload() });
 */
export class Live implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: LiveOptions;
  #end: (() => void) | null = null;

  constructor(host: ReactiveControllerHost, options: LiveOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Whether values on the page are of this moment; render their live mark only then. */
  get isLive(): boolean {
    return live.state === 'live';
  }

  get state(): LiveState {
    return live.state;
  }

  hostConnected(): void {
    const { topics, onEvent, onPoll } = this.#options;
    this.#end = live.listen({
      topics,
      onEvent: (event) => onEvent?.(event),
      onPoll,
      onState: () => this.#host.requestUpdate(),
    });
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#end = null;
  }
}
