/** How much is kept, and for how long. */
export interface KeepingBounds {
  readonly entries: number;
  readonly bytes: number;
  readonly lifeMs: number;
}

/** Texts by key, each with an owner. Anything kept may be lost at any moment; nobody may need it to be there. */
export interface TextKeeper {
  /** For certain nothing is kept. */
  readonly empty: boolean;
  /** Takes the place of what was kept under the key before. Never waits for a disk. */
  put(key: string, owner: string, text: string): void;
  /** Null: it is not kept, or not any more. */
  get(key: string): Promise<string | null>;
  /** Resolves when nothing of it is left. */
  remove(key: string): Promise<void>;
  /** As {@link remove}, for everything of one owner. */
  removeOf(owner: string): Promise<void>;
  /** Lets go of what is too old. */
  sweep(): void;
}
