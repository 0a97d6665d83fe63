import type { JsonObject } from '../../../core/json-object.ts';
import type { CallIds } from '../../call-ids.ts';
import type { ToolNames } from '../../tool-names.ts';

/** What the blocks of one answer have in common. */
export interface AnswerState {
  readonly names: ToolNames;
  readonly ids: CallIds;
  /** The provider's name of the tool whose input is the answer. */
  readonly jsonTool: string | null;
  /** Tool calls so far that the client has to answer. */
  calls: number;
  /** Characters of text so far. */
  textLength: number;
  /** Citations in Bedrock's own form. */
  readonly citations: JsonObject[];
  /** Calls of tools that the provider ran itself, and their results. */
  readonly serverTools: JsonObject[];
}
