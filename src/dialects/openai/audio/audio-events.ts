import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { TruncatedStreamError, type ProviderError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { SseParser } from '../../framing/sse.ts';
import { errorInside } from '../errors.ts';
import { audioUsage } from './audio-usage.ts';

/**
 * Watches the events of speech (`speech.audio.delta` ... `speech.audio.done`) or of a transcription (`transcript.text.delta` ...
 * `transcript.text.done`) pass by. Bytes are never changed.
 *
 * Servers that stream events of their own without any of these types end when they close.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event
 */
export class AudioEvents {
  readonly #parser = new SseParser();
  #typed = false;
  #any = false;
  done = false;
  usage: Usage | null = null;

  /** @returns the error that the provider told in an event; null: none */
  push(chunk: Buffer): ProviderError | null {
    for (const { data } of this.#parser.push(chunk)) {
      const error = this.#see(data);
      if (error) return error;
    }
    return null;
  }

  /** The connection closed in good order. @throws {TruncatedStreamError} */
  end(): void {
    for (const { data } of this.#parser.end()) {
      const error = this.#see(data);
      if (error) throw error;
    }
    if (!this.#any || (this.#typed && !this.done)) throw new TruncatedStreamError();
    this.done = true;
  }

  #see(data: string): ProviderError | null {
    this.#any = true;
    if (data === '[DONE]') {
      this.done = true;
      return null;
    }
    // Audio is long, and tells nothing.
    const isDelta = DELTA.test(data.slice(0, 200)) && !data.includes('"error"');
    this.#typed ||= isDelta;
    return isDelta ? null : this.#judge(eventOf(data));
  }

  #judge(event: JsonObject): ProviderError | null {
    const error = event['type'] === 'error' || isObject(event['error']) ? errorInside({ error: event['error'] ?? event }) : null;
    if (error) return error;
    const usage = audioUsage(event['usage']);
    if (usage) this.usage = usage;
    if (typeof event['type'] === 'string' && DONE.test(event['type'])) this.done = true;
    return null;
  }
}

const DELTA = /"type"\s*:\s*"(?:speech\.audio|transcript\.text)\.delta"/;
const DONE = /^(?:speech\.audio|transcript\.text)\.done$/;

function eventOf(data: string): JsonObject {
  try {
    const event: unknown = JSON.parse(data);
    return isObject(event) ? event : {};
  } catch {
    return {};
  }
}
