import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { TruncatedStreamError, type ProviderError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { SseParser } from '../../framing/sse.ts';
import { errorInside } from '../errors.ts';
import { imageUsage } from './usage.ts';

/**
 * Watches the events of images pass by (`image_generation.partial_image` ... `image_generation.completed`, the same of
 * `image_edit`). Bytes are never changed.
 *
 * @see https://platform.openai.com/docs/api-reference/images-streaming (2026-11-26)
 */
export class ImageEvents {
  readonly #parser = new SseParser();
  readonly #wanted: number;
  /** Finished images that came. */
  made = 0;
  done = false;
  usage: Usage | null = null;

  /** @param wanted images that were asked for: the stream is over with the last of them */
  constructor(wanted: number) {
    this.#wanted = wanted;
  }

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
    if (this.made === 0) throw new TruncatedStreamError();
    this.done = true;
  }

  #see(data: string): ProviderError | null {
    if (data === '[DONE]') {
      this.done = this.made > 0;
      return null;
    }
    // An unfinished image is long, and tells nothing.
    return PARTIAL.test(data.slice(0, 200)) ? null : this.#judge(eventOf(data));
  }

  #judge(event: JsonObject): ProviderError | null {
    const type = wordOf(event['type']);
    const error = type === 'error' || isObject(event['error']) ? errorInside({ error: event['error'] ?? event }) : null;
    if (error) return error;
    this.usage = imageUsage(event['usage']) ?? this.usage;
    const isImage = !type.endsWith('.partial_image') && IMAGE_IN.some((name) => wordOf(event[name]) !== '');
    if (isImage) this.made++;
    if (type.endsWith('.completed')) this.done = !isImage || this.made >= this.#wanted;
    return null;
  }
}

const PARTIAL = /"type"\s*:\s*"image_(?:generation|edit)\.partial_image"/;
const IMAGE_IN = ['b64_json', 'url', 'image_url'] as const;

function eventOf(data: string): JsonObject {
  try {
    const event: unknown = JSON.parse(data);
    return isObject(event) ? event : {};
  } catch {
    return {};
  }
}

/** A whole answer as the events of a stream. @param prefix `image_generation` or `image_edit` */
export function imageEvents(answer: JsonObject, prefix: string): string {
  const { data, created, usage } = answer;
  const images = Array.isArray(data) ? data.filter(isObject) : [];
  const events = images.map((image, at) => ({
    type: `${prefix}.completed`,
    created_at: created,
    ...Object.fromEntries(Object.entries(image).filter(([, value]) => value !== null)),
    ...(usage !== undefined && at === images.length - 1 ? { usage } : {}),
  }));
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
