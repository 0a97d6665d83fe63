/** Who asks. */
export interface Asker {
  /** `ha:<id>` of a user of Home Assistant; null: an automation, or nobody said. */
  readonly userId: string | null;
}
