import { isObject } from '../../core/json-object.ts';
import { MalformedAnswerError, type ProviderError } from '../../core/provider-error.ts';
import type { Usage } from '../../core/usage.ts';
import { AudioEvents } from '../../dialects/openai/audio/audio-events.ts';
import { errorInside } from '../../dialects/openai/errors.ts';
import type { StreamTranslator } from '../codec.ts';
import { parsedAnswer } from './parsed-answer.ts';

/** What is known of an audio call's use before its end. */
export interface MeasuredUse {
  readonly usage: Usage | null;
  readonly guess: Usage;
}

/** A text in place of audio is never an answer. @throws {ProviderError} always */
export function noAudio(body: Buffer): never {
  const answer = parsedAnswer(body);
  const error = isObject(answer) ? errorInside(answer) : null;
  throw error ?? new MalformedAnswerError('The provider answered with JSON instead of audio.', 'shape');
}

/** An answer that is audio, whose use is known before its end. Nothing that comes is text. */
export abstract class AudioAnswer implements StreamTranslator {
  readonly contentType: string;
  readonly usage: Usage | null;
  readonly guess: Usage;
  readonly early = null;
  readonly failure = null;
  readonly outputBytes = 0;
  readonly keptBytes = 0;
  done = false;

  constructor(contentType: string, { usage, guess }: MeasuredUse) {
    this.contentType = contentType;
    this.usage = usage;
    this.guess = guess;
  }

  abstract push(chunk: Buffer): string;

  abstract end(): string;

  text(): string {
    return '';
  }
}

/** Audio, passed as it arrives. */
export class PassedAudio extends AudioAnswer {
  #any = false;

  push(chunk: Buffer): string {
    this.#any ||= chunk.length > 0;
    return chunk.toString('latin1');
  }

  end(): string {
    if (!this.#any) throw new MalformedAnswerError('The provider answered without any audio.', 'shape');
    this.done = true;
    return '';
  }
}

/** Events about audio, passed as they arrive. */
export class PassedAudioEvents implements StreamTranslator {
  readonly early = null;
  readonly outputBytes = 0;
  readonly keptBytes = 0;
  failure: ProviderError | null = null;
  readonly #events = new AudioEvents();
  readonly #measured: () => MeasuredUse;
  #any = false;

  /** @param measured what is billed where the events do not tell; asked at the end */
  constructor(measured: () => MeasuredUse) {
    this.#measured = measured;
  }

  get done(): boolean {
    return this.#events.done;
  }

  get usage(): Usage | null {
    const { usage } = this.#measured();
    const told = this.#events.usage;
    return told === null ? usage : { ...usage, ...told };
  }

  get guess(): Usage {
    return this.#measured().guess;
  }

  push(chunk: Buffer): string {
    const error = this.#events.push(chunk);
    if (error && !this.#any) throw error;
    this.#any = true;
    // The gateway's own event tells the error.
    this.failure = error;
    return error ? '' : chunk.toString('latin1');
  }

  end(): string {
    this.#events.end();
    return '';
  }

  text(): string {
    return '';
  }
}
