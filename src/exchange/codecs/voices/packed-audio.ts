import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { errorInside } from '../../../dialects/openai/errors.ts';
import { AudioAnswer, type MeasuredUse } from '../audio-streams.ts';
import { parsedAnswer } from '../parsed-answer.ts';

/** Audio that comes as base64 in one JSON body: nothing can leave before all of it is here. */
export class PackedAudio extends AudioAnswer {
  readonly #packed: (answer: JsonObject) => string;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(contentType: string, measured: MeasuredUse, packed: (answer: JsonObject) => string) {
    super(contentType, measured);
    this.#packed = packed;
  }

  push(chunk: Buffer): string {
    this.#size += chunk.length;
    if (this.#size > LARGEST) throw new MalformedAnswerError("The provider's answer is larger than 64 MB.", 'shape');
    this.#pieces.push(chunk);
    return '';
  }

  /** @throws {ProviderError} for an error in place of audio */
  end(): string {
    const answer = parsedAnswer(Buffer.concat(this.#pieces));
    const told: JsonObject = isObject(answer) ? answer : {};
    const error = errorInside(told);
    if (error) throw error;
    const audio = Buffer.from(this.#packed(told), 'base64');
    if (audio.length === 0) throw new MalformedAnswerError('The provider answered with JSON that holds no audio.', 'shape');
    this.done = true;
    return audio.toString('latin1');
  }
}

const LARGEST = 67_108_864;
