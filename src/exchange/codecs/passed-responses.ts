import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, OutwardChat } from '../../core/dialect.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { readError } from '../../dialects/openai/errors.ts';
import { inputItems } from '../../dialects/openai/responses/input-items.ts';
import { readingResponses, RESPONSES_PATH } from '../../dialects/openai/responses-out/index.ts';
import { keptItems } from '../../dialects/openai/responses-out/kept-items.ts';
import { PassedEvents, shownMembers, type PassedShape } from '../../dialects/openai/responses-out/pass-through.ts';
import { retoldResponse } from '../../dialects/openai/responses-out/retold.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { KeptResponse, ResponseStore } from '../response-store.ts';
import type { Upstream } from '../upstream.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { latin1, ReadStream, textOf, type Voice } from './read-stream.ts';
import { responsesBody } from './responses-body.ts';
import { inBackground, responseId } from './responses-client.ts';

/**
 * The client speaks Responses and so does the provider: bytes pass (ruling B1), tools that the provider runs among them. The id is
 * ours, so that the next turn may go to anybody; what was said is kept for it, unless the client says otherwise.
 */
export class PassedResponses implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly #call: Call;
  readonly #deployment: Deployment<Upstream>;
  readonly #store: ResponseStore;
  readonly #shape: PassedShape;
  readonly #reading: Pick<OutwardChat, 'answer' | 'reader'>;

  private constructor(
    call: Call,
    deployment: Deployment<Upstream>,
    context: PrepareContext,
    store: ResponseStore,
    previous: { readonly id: string | undefined; readonly kept: KeptResponse | null },
  ) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, RESPONSES_PATH);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    this.headers = headersFor(upstream, endpoint, {}, call.options.upstreamHeaders);
    this.body = responsesBody(call, deployment, context, previous.kept);
    this.tls = upstream.tls;
    this.#call = call;
    this.#deployment = deployment;
    this.#store = store;
    this.#shape = { id: responseId(call), model: context.shownModel, previousResponseId: previous.id };
    this.#reading = readingResponses(upstream.resolved.provider);
  }

  /** @throws {InvalidRequestError | UnsupportedParamsError} when the provider cannot be asked this */
  static async of(call: Call, deployment: Deployment<Upstream>, context: PrepareContext, store: ResponseStore): Promise<PassedResponses> {
    const { body, caller } = call;
    if (body.has('background') && body.value('background') === true) throw inBackground();
    asked(body);
    const named = body.has('previous_response_id') ? body.value('previous_response_id') : undefined;
    const id = typeof named === 'string' ? named : undefined;
    return new PassedResponses(call, deployment, context, store, { id, kept: id === undefined ? null : await store.find(caller, id) });
  }

  whole(body: Buffer): WholeAnswer {
    const response = parsedAnswer(body);
    const answer = this.#reading.answer(response);
    const ours = shownMembers(this.#shape);
    const edits = Object.entries(ours).map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
    if (isObject(response)) this.#keep({ ...response, ...ours }, wordOf(response['id']));
    return { body: JsonDocument.read(body).edited(new Map(edits)), usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  retold({ body }: WholeAnswer): string {
    return latin1(retoldResponse(JsonDocument.read(body).whole()));
  }

  stream(): StreamTranslator {
    return new ReadStream(parserFor('sse'), this.#reading.reader(), this.#voice(), () => undefined);
  }

  error(reply: ErrorReply): ProviderError {
    return readError(reply);
  }

  #voice(): Voice {
    const events = new PassedEvents(this.#shape);
    return {
      tell: (event) => (event === null ? '' : events.tell(event)),
      finish: () => {
        this.#keep(events.response, events.upstreamId);
        return '';
      },
      fail: (failure) => events.fail(failure),
    };
  }

  #keep(response: JsonObject, upstreamId: string): void {
    const { body, caller } = this.#call;
    if (body.has('store') && body.value('store') === false) return;
    const stays = upstreamId !== '' && response['store'] !== false;
    this.#store.keep(caller, this.#shape.id, {
      input: asked(body),
      output: keptItems(response['output'], this.#deployment.upstream.resolved.provider),
      response,
      ...(stays ? { at: { deployment: this.#deployment.id, group: this.#deployment.group, id: upstreamId } } : {}),
    });
  }
}

/** What the client said, for the store. @throws {InvalidRequestError} when it cannot be kept */
function asked(body: JsonDocument): JsonObject[] {
  return inputItems(body.value('input') ?? [], (id) => ({ type: 'item_reference', id }));
}
