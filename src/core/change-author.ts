/** Who made a change. */
export interface ChangeAuthor {
  /** Person that the change is recorded for. */
  readonly userId: string | null;
  /** SHA-256 of the credential that was used. */
  readonly keyHash: string | null;
}
