import type { StreamPart } from '../../core/answer.ts';
import type { StreamReader } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';

/** Reads a stream, or what a whole answer holds. */
export interface AnswerReader extends StreamReader {
  /** @param response `chatResponse` @throws {ProviderError} when it tells of a failure, or is no answer */
  whole(response: JsonObject): StreamPart[];
}

/** A conversation in one of the forms. */
export interface FormatChat {
  /** `chatRequest`, streaming left out. */
  readonly body: JsonObject;
  readonly reader: () => AnswerReader;
}
