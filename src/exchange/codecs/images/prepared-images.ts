import type { ImagesAnswer } from '../../../core/answer.ts';
import type { ErrorReply } from '../../../core/dialect.ts';
import type { Job } from '../../../core/job.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ProviderError } from '../../../core/provider-error.ts';
import { usageOfAll } from '../../../core/usage.ts';
import { writeImagesAnswer } from '../../../dialects/openai/images/answer.ts';
import { imageEvents } from '../../../dialects/openai/images/events.ts';
import { imageUse, type AskedImages } from '../../../dialects/openai/images/use.ts';
import type { Prepared, RestOfCall, StreamTranslator, WholeAnswer } from '../../codec.ts';
import type { OutgoingForm } from '../outgoing-form.ts';
import { PassedImageEvents } from './image-streams.ts';

type Headers = Readonly<Record<string, string>>;

/** One request for images. */
export interface ImageCall {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer | OutgoingForm;
}

/** What came, and its bytes where they may pass as they are. */
export interface ReadImages {
  readonly answer: ImagesAnswer;
  readonly passes: { readonly body: Buffer; readonly told: JsonObject } | null;
}

export interface PreparedImagesParts {
  /** One, or several where the provider makes no more than so many images at once. */
  readonly requests: readonly [ImageCall, ...ImageCall[]];
  readonly tls: Prepared['tls'];
  readonly asked: AskedImages;
  /** `image_generation` or `image_edit`. */
  readonly operation: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** A job for each request; null: images come at once. */
  readonly job: (() => Job) | null;
  /** @throws {ProviderError} */
  readonly read: (body: Buffer, headers: Headers) => ReadImages;
  /** Gets the bytes of images that are told by their addresses; null: addresses are what was asked for. */
  readonly inlined: ((answer: ImagesAnswer) => Promise<ImagesAnswer>) | null;
  readonly error: (reply: ErrorReply) => ProviderError;
}

/** A call for images: OpenAI's answers pass, others are told in its words. */
export class PreparedImages implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer | OutgoingForm;
  readonly tls: Prepared['tls'];
  readonly framing = 'bytes';
  readonly rest?: RestOfCall;
  readonly job?: Job;
  readonly completed?: (answer: WholeAnswer) => Promise<WholeAnswer>;
  readonly #parts: PreparedImagesParts;
  readonly #answers: ReadImages[] = [];
  #told: JsonObject = {};

  constructor(parts: PreparedImagesParts) {
    const [first, ...others] = parts.requests;
    this.#parts = parts;
    this.origin = first.origin;
    this.path = first.path;
    this.headers = first.headers;
    this.body = first.body;
    this.tls = parts.tls;
    if (parts.job) this.job = parts.job();
    if (others.length > 0) this.rest = { requests: others.map((each) => this.#further(each)), partly: true, joined: () => this.#joined() };
    const { inlined } = parts;
    if (inlined) this.completed = () => this.#inlined(inlined);
  }

  streams(headers: Headers): boolean {
    return (headers['content-type'] ?? '').startsWith('text/event-stream');
  }

  whole(body: Buffer, headers: Headers): WholeAnswer {
    this.#answers.push(this.#parts.read(body, headers));
    return this.#joined();
  }

  retold(): string {
    return Buffer.from(imageEvents(this.#told, this.#parts.operation)).toString('latin1');
  }

  stream(): StreamTranslator {
    return new PassedImageEvents(this.#parts.asked);
  }

  error(reply: ErrorReply): ProviderError {
    return this.#parts.error(reply);
  }

  #further(request: ImageCall): Prepared {
    const never = (): never => {
      throw new Error('one of several requests does not stream');
    };
    const { job } = this.#parts;
    return {
      ...request,
      ...(job && { job: job() }),
      tls: this.tls,
      framing: this.framing,
      whole: (body, headers) => this.whole(body, headers),
      error: (reply) => this.error(reply),
      stream: never,
      retold: never,
    };
  }

  /** What has come so far, taken together. */
  #joined(): WholeAnswer {
    const [first] = this.#answers;
    const passes = this.#answers.length === 1 ? (first?.passes ?? null) : null;
    const answer = joinedAnswers(this.#answers.map((read) => read.answer));
    this.#told = passes?.told ?? writeImagesAnswer(answer, this.#parts.created);
    return this.#answered(answer, passes?.body ?? Buffer.from(JSON.stringify(this.#told)));
  }

  async #inlined(inlined: (answer: ImagesAnswer) => Promise<ImagesAnswer>): Promise<WholeAnswer> {
    const answer = joinedAnswers(this.#answers.map((read) => read.answer));
    if (!answer.images.some(({ url, data }) => url !== undefined && data === undefined)) return this.#joined();
    const whole = await inlined(answer);
    this.#told = writeImagesAnswer(whole, this.#parts.created);
    return this.#answered(whole, Buffer.from(JSON.stringify(this.#told)));
  }

  #answered({ images, usage: told }: ImagesAnswer, body: Buffer): WholeAnswer {
    const { usage, guess } = imageUse(this.#parts.asked, images.length);
    return { body, usage: { ...usage, ...told }, guess, text: () => '' };
  }
}

/** Several answers as one; without usage when one of them told none. */
function joinedAnswers(answers: readonly ImagesAnswer[]): ImagesAnswer {
  const images = answers.flatMap((answer) => answer.images);
  const usages = answers.map(({ usage }) => usage).filter((usage) => usage !== undefined);
  const [first] = usages;
  if (first === undefined || usages.length < answers.length) return { images };
  return { images, usage: answers.length === 1 ? first : usageOfAll(usages) };
}
