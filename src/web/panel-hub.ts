import type { Caller } from '../core/caller.ts';
import { seesAll } from '../core/caller.ts';
import type { PanelTold, PanelTopic } from '../contract/panel/socket.ts';

/** One open page. */
export interface Page {
  /** Who looks at it now; null: nobody any more, and it is to be closed. */
  readonly caller: () => Caller | null;
  readonly topics: Set<PanelTopic>;
  readonly send: (told: PanelTold) => void;
  readonly close: () => void;
}

/** Brings news to open pages, to each what it asked for and may see. */
export class PanelHub {
  readonly #pages = new Set<Page>();
  readonly #wanted = new Map<PanelTopic, number>();

  get size(): number {
    return this.#pages.size;
  }

  add(page: Page): void {
    this.#pages.add(page);
    this.#count();
  }

  remove(page: Page): void {
    this.#pages.delete(page);
    this.#count();
  }

  subscribe(page: Page, topics: readonly PanelTopic[]): void {
    page.topics.clear();
    for (const topic of topics) page.topics.add(topic);
    this.#count();
  }

  /** Whether anybody listens: news that nobody hears need not be made. */
  wants(topic: PanelTopic): boolean {
    return this.#wanted.has(topic);
  }

  /** @param ownerOf whose news it is, for those who see only their own; null: everybody's */
  tell(topic: PanelTopic, data: unknown, owner: { readonly userId: string | null } | null = null): void {
    for (const page of this.#pages) {
      if (!page.topics.has(topic)) continue;
      const caller = page.caller();
      if (!caller) page.close();
      else if (owner === null || seesAll(caller) || (owner.userId !== null && owner.userId === caller.userId))
        page.send({ type: 'event', topic, data });
    }
  }

  /** Closes pages of those who may not look any more. */
  sweep(): void {
    for (const page of this.#pages) if (!page.caller()) page.close();
  }

  closeAll(): void {
    for (const page of this.#pages) page.close();
  }

  #count(): void {
    this.#wanted.clear();
    for (const { topics } of this.#pages) for (const topic of topics) this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
  }
}
