import type { StreamEvent } from '../../core/dialect.ts';
import { AwsFrames, EXCEPTION } from './aws-event-stream.ts';
import type { EventParser } from './event-parser.ts';
import { LineSplitter } from './line-splitter.ts';
import { SseParser } from './sse.ts';

/**
 * A model's own stream in pieces, each in a message of AWS: the pieces are joined, then read. Containers write server-sent events or
 * JSON lines; which of them, their first character tells. Failures of AWS pass as they are.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html (2026-11-26)
 */
export class AwsPayloadParser implements EventParser {
  readonly #frames = new AwsFrames();
  #inner: EventParser | null = null;

  /** @throws {MalformedAnswerError} as `AwsFrames` does */
  push(chunk: string | Uint8Array): StreamEvent[] {
    return this.#frames.push(chunk).flatMap(({ event, payload }) => {
      if (event?.startsWith(EXCEPTION)) return [{ event, data: payload.toString('utf8') }];
      this.#inner ??= innerFor(payload);
      return this.#inner?.push(payload) ?? [];
    });
  }

  /** @throws {TruncatedStreamError} when the stream broke off inside a message */
  end(): StreamEvent[] {
    this.#frames.end();
    return this.#inner?.end() ?? [];
  }
}

const BLANK = /^\s*$/;
const JSON_BEGINS = /^\s*[{[]/;

/** Null: nothing but blanks so far. */
function innerFor(payload: Buffer): EventParser | null {
  const begin = payload.toString('latin1');
  if (BLANK.test(begin)) return null;
  return JSON_BEGINS.test(begin) ? new JsonLines() : new SseParser();
}

/** JSON lines of which the last may lack its end, for it is all that there is of an answer that was not streamed. */
class JsonLines implements EventParser {
  readonly #lines = new LineSplitter();

  push(chunk: Uint8Array): StreamEvent[] {
    return this.#lines.push(chunk).flatMap(eventOf);
  }

  end(): StreamEvent[] {
    return eventOf(this.#lines.end());
  }
}

function eventOf(line: string): StreamEvent[] {
  return BLANK.test(line) ? [] : [{ event: null, data: line }];
}
