import { MalformedAnswerError, type ProviderError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { ImageEvents } from '../../../dialects/openai/images/events.ts';
import { imageUse, type AskedImages } from '../../../dialects/openai/images/use.ts';
import type { StreamTranslator } from '../../codec.ts';

/** Events about images, passed as they arrive. */
export class PassedImageEvents implements StreamTranslator {
  readonly early = null;
  /** Nothing that came is text. */
  readonly outputBytes = 0;
  readonly keptBytes = 0;
  failure: ProviderError | null = null;
  readonly #events: ImageEvents;
  readonly #asked: AskedImages;
  #any = false;
  #broke = false;

  constructor(asked: AskedImages) {
    this.#asked = asked;
    this.#events = new ImageEvents(asked.n);
  }

  get done(): boolean {
    return this.#events.done;
  }

  /** Before its end nobody knows what is made: then it is the guess that counts. */
  get usage(): Usage | null {
    const { made, usage, done } = this.#events;
    const counted = imageUse(this.#asked, made).usage;
    return done || this.#broke ? { ...counted, ...usage } : null;
  }

  /** A stream that broke off made what came of it; of one that its client left, all is made. */
  get guess(): Usage {
    const { made } = this.#events;
    return imageUse(this.#asked, this.#broke || this.done ? made : this.#asked.n).guess;
  }

  push(chunk: Buffer): string {
    const error = this.#watched(() => this.#events.push(chunk));
    if (error) this.#broke = true;
    if (error && !this.#any) throw error;
    this.#any = true;
    // The gateway's own event tells the error.
    this.failure = error;
    return error ? '' : chunk.toString('latin1');
  }

  end(): string {
    this.#watched(() => {
      this.#events.end();
      return null;
    });
    return '';
  }

  text(): string {
    return '';
  }

  #watched(watch: () => ProviderError | null): ProviderError | null {
    try {
      return watch();
    } catch (error) {
      this.#broke = true;
      throw error instanceof Error ? error : new MalformedAnswerError('The stream cannot be read.', 'shape', error);
    }
  }
}
