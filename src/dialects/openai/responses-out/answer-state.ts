import { CallIds } from '../../call-ids.ts';

/** What all items of one answer share while they are read. */
export interface AnswerState {
  /** Catalogue id of who answers. */
  readonly provider: string;
  readonly ids: CallIds;
  /** Tells this answer from all others, for calls without an id. */
  place: string;
  /** Calls of tools so far. */
  calls: number;
  /** Characters of text so far. */
  said: number;
  /** Times that the web was searched. */
  searches: number;
  /** Times that files were searched. */
  fileSearches: number;
  /** Sandboxes in which code ran. */
  readonly containers: Set<string>;
}

export function newState(provider: string): AnswerState {
  return { provider, ids: new CallIds(new Set()), place: '', calls: 0, said: 0, searches: 0, fileSearches: 0, containers: new Set() };
}
