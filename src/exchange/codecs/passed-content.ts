import type { Deployment } from '../../core/deployment.ts';
import type { ContentHost, ErrorReply, OutwardDialect } from '../../core/dialect.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { topLevelString } from '../../core/json-text.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { unfoldAnswer } from '../../core/unfold-answer.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { framesFor, type Frames, type StreamForm } from '../../dialects/gemini/content/frames.ts';
import { GenerateStreamWriter } from '../../dialects/gemini/content/stream.ts';
import { readingContent } from '../../dialects/gemini/index.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { contentBody, contentHeaders } from './passed-content-body.ts';
import { latin1, ReadStream, textOf, type Voice } from './read-stream.ts';

/** The client speaks `generateContent` and so does the provider: parts and signatures pass byte for byte (ruling B1). */
export class PassedContent implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly #dialect: OutwardDialect;
  readonly #shape: { readonly responseId: string; readonly model: string; readonly showsThoughts: boolean };
  readonly #form: StreamForm;
  readonly #reading = readingContent();

  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext, dialect: OutwardDialect, host: ContentHost) {
    const { upstream } = deployment;
    const method = call.stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
    const endpoint = endpointOf(upstream, host.methodPath(deployment.model, method));
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, contentHeaders(call, deployment), call.options.upstreamHeaders);
    this.body = contentBody(call, deployment, context, dialect);
    this.tls = upstream.tls;
    this.#dialect = dialect;
    this.#shape = { responseId: call.requestId, model: context.shownModel, showsThoughts: true };
    this.#form = call.streamForm ?? 'events';
  }

  whole(body: Buffer): WholeAnswer {
    const answer = this.#reading.answer(parsedAnswer(body));
    return { body: withModel(body, this.#shape.model), usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  retold({ body }: WholeAnswer): string {
    const writer = new GenerateStreamWriter(this.#shape, framesFor(this.#form));
    const told = unfoldAnswer(this.#reading.answer(parsedAnswer(body))).map((part) => writer.write(part));
    return latin1(told.join('') + writer.finish());
  }

  stream(): StreamTranslator {
    return new ReadStream(parserFor('sse'), this.#reading.reader(), passed(this.#shape.model, framesFor(this.#form)), () => undefined);
  }

  error(reply: ErrorReply): ProviderError {
    return this.#dialect.error(reply);
  }
}

/** Responses as they came, but for the model's name. What is none, and marks of an end that Google does not make, are left out. */
function passed(model: string, frames: Frames): Voice {
  return {
    tell: (event) => (event === null || event.data === '' || event.data === '[DONE]' ? '' : frames.frame(namedFrame(event.data, model))),
    finish: () => frames.end(),
  };
}

function namedFrame(data: string, model: string): string {
  const place = topLevelString(data, 'modelVersion');
  return place === null ? data : data.slice(0, place.start) + JSON.stringify(model).slice(1, -1) + data.slice(place.end);
}

function withModel(body: Buffer, model: string): Buffer {
  const document = JsonDocument.read(body);
  return document.has('modelVersion') ? document.edited(new Map([['modelVersion', JSON.stringify(model)]])) : body;
}
