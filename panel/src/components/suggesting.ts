import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Suggestion } from './gw-combobox.ts';

const PAUSE_MS = 200;

/**
 * Suggestions of a `gw-combobox` or `gw-chips-field` that the server finds, because all of them would be too many: give `.suggestions=${list}`
 * and `@input=${onInput}`. What cannot be asked for leaves the list as it is: the field takes typed text all the same.
 */
export class Suggesting implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: (text: string, signal: AbortSignal) => Promise<readonly Suggestion[]>;
  #list: readonly Suggestion[] = [];
  #known = new Map<string, Suggestion>();
  #timer = 0;
  #asking: AbortController | null = null;

  constructor(host: ReactiveControllerHost, find: (text: string, signal: AbortSignal) => Promise<readonly Suggestion[]>) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  get list(): readonly Suggestion[] {
    return this.#list;
  }

  /** The list with what has been chosen, which has a name even when the search does not find it. */
  with(values: readonly string[]): readonly Suggestion[] {
    const missing = values.filter((value) => value !== '' && !this.#list.some((one) => one.value === value));
    return [...this.#list, ...missing.map((value) => this.#known.get(value) ?? { value })];
  }

  /** Remembers the name of something. */
  know(one: Suggestion): void {
    this.#known.set(one.value, one);
    this.#host.requestUpdate();
  }

  readonly onInput = (event: Event): void => {
    const field = event.composedPath()[0];
    if (!(field instanceof HTMLInputElement)) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(field.value), PAUSE_MS);
  };

  hostConnected(): void {
    void this.#ask('');
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask(text: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const found = await this.#find(text.trim(), asking.signal).catch(() => null);
    if (found === null || asking.signal.aborted) return;
    for (const one of found) this.#known.set(one.value, one);
    this.#list = found;
    this.#host.requestUpdate();
  }
}
