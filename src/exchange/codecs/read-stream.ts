import type { Answer, StreamPart } from '../../core/answer.ts';
import type { PartWriter, StreamEvent, StreamReader, ToldFailure } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import type { Part } from '../../core/parts.ts';
import type { Usage } from '../../core/usage.ts';
import type { EventParser } from '../../dialects/framing/event-parser.ts';
import type { StreamTranslator } from '../codec.ts';

/** Calls and thoughts kept for the memory; a stream that grows beyond is not remembered. */
const MOST_PARTS = 20_000;

/** What a client is told of a stream. */
export interface Voice {
  /** @param event as it arrived; null: the provider closed */
  tell(event: StreamEvent | null, parts: readonly StreamPart[]): string;
  finish(): string;
  fail?(failure: ToldFailure): string;
}

/** In the client's own words. */
export function translated(writer: PartWriter): Voice {
  return {
    tell: (_event, parts) => parts.map((part) => writer.write(part)).join(''),
    finish: () => writer.finish(),
    ...(writer.fail && { fail: (failure) => writer.fail?.(failure) ?? '' }),
  };
}

/** A stream that is read on its way, for its bill and for what breaks off in it, and told to the client. */
export class ReadStream implements StreamTranslator {
  readonly #parser: EventParser;
  readonly #reader: StreamReader;
  readonly #voice: Voice;
  readonly #remember: (parts: readonly Part[]) => void;
  readonly #seen: StreamPart[] = [];
  #done = false;
  #failure: Error | null = null;
  /** Something went to the client. */
  #given = false;
  #usage: Usage | null = null;
  #outputBytes = 0;
  #keptBytes = 0;

  constructor(parser: EventParser, reader: StreamReader, voice: Voice, remember: (parts: readonly Part[]) => void) {
    this.#parser = parser;
    this.#reader = reader;
    this.#voice = voice;
    this.#remember = remember;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  get done(): boolean {
    return this.#done;
  }

  get usage(): Usage | null {
    return this.#usage;
  }

  get unsettled(): boolean {
    return this.#reader.unsettled === true && !this.#done;
  }

  get early(): Usage | null {
    return this.#reader.usageSoFar ?? null;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  push(chunk: Buffer): string {
    return this.#taken(() => this.#parser.push(chunk), false);
  }

  end(): string {
    return this.#taken(() => this.#parser.end(), true);
  }

  /** What stood before an error in the same read goes out first, unless nothing was said yet: then another try may help. */
  #taken(events: () => readonly StreamEvent[], closed: boolean): string {
    let output = '';
    try {
      for (const event of events()) output += this.#told(event, this.#reader.push(event));
      if (closed || this.#reader.finished) output += this.#finish();
    } catch (error) {
      if (output === '' || (this.#outputBytes === 0 && !this.#given) || !(error instanceof Error)) throw error;
      this.#failure = error;
    }
    this.#given ||= output !== '';
    return latin1(output);
  }

  #finish(): string {
    const late = this.#told(null, this.#reader.end());
    this.#done = true;
    if (this.#seen.length < MOST_PARTS) for (const { parts } of foldStream(this.#seen).choices) this.#remember(parts);
    return late + this.#voice.finish();
  }

  fail(failure: ToldFailure): string | null {
    return this.#voice.fail === undefined ? null : latin1(this.#voice.fail(failure));
  }

  text(): string {
    return textOf(foldStream(this.#seen));
  }

  #told(event: StreamEvent | null, parts: readonly StreamPart[]): string {
    for (const part of parts) {
      if (part.type === 'usage') this.#usage = part.usage;
      const bytes = bytesOf(part);
      this.#outputBytes += bytes;
      if (this.#seen.length >= MOST_PARTS) continue;
      this.#seen.push(part);
      this.#keptBytes += bytes;
    }
    return this.#voice.tell(event, parts);
  }
}

/** What a part adds to the output. */
function bytesOf(part: StreamPart): number {
  if (part.type === 'text_delta' || part.type === 'reasoning_delta' || part.type === 'refusal_delta') return part.text.length;
  if (part.type === 'tool_call_start') return part.name.length;
  return part.type === 'tool_call_delta' ? part.arguments.length : 0;
}

const NOT_ASCII = /[^\x00-\x7f]/;

/** One character a byte of the text's UTF-8. */
export function latin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** What the model wrote, as one text for the tokenizer. */
export function textOf(answer: Answer): string {
  return answer.choices
    .flatMap(({ parts }) =>
      parts.map((part) =>
        part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal'
          ? part.text
          : part.type === 'tool_call'
            ? part.name + part.arguments
            : '',
      ),
    )
    .join('\n');
}
