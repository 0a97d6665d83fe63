import { ClientGoneError } from '../core/errors.ts';

/**
 * Whether the caller is still there. Two fields and no events: an `AbortController` for each call costs as much as its
 * limits, and most calls never ask.
 */
export class Client {
  #gone = false;
  #controller: AbortController | null = null;
  /** Told when the client leaves: whoever works for it now. */
  onGone: (() => void) | null = null;

  get gone(): boolean {
    return this.#gone;
  }

  /** For what takes a signal; made when it is first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#gone) this.#controller.abort(new ClientGoneError('the client is gone'));
    return this.#controller.signal;
  }

  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#controller?.abort(new ClientGoneError('the client is gone'));
    this.onGone?.();
  }
}
