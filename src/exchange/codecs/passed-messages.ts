import type { Deployment } from '../../core/deployment.ts';
import type { ErrorReply, OutwardChat, OutwardDialect, StreamEvent } from '../../core/dialect.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import { unfoldAnswer } from '../../core/unfold-answer.ts';
import { API_VERSION, readingMessages } from '../../dialects/anthropic/index.ts';
import { vertexMembers } from '../../dialects/anthropic/vertex.ts';
import { MESSAGES_MEMBERS } from '../../dialects/anthropic/members.ts';
import { MessagesStreamWriter } from '../../dialects/anthropic/messages/stream.ts';
import { isOpaqueId } from '../../dialects/anthropic/opaque-id.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { missingDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext, Prepared, StreamTranslator, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { askedBetas, BETA_MEMBERS } from './asked-betas.ts';
import { extraBodyOf, withExtraBody } from './extra-body.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { latin1, ReadStream, textOf, type Voice } from './read-stream.ts';

const PATH = '/v1/messages';
const VERSION = { 'anthropic-version': API_VERSION };

/** The client speaks Anthropic's dialect and so does the provider: thoughts and signatures pass byte for byte (ruling B1). */
export class PassedMessages implements Prepared {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tls: Upstream['tls'];
  readonly framing = 'sse';
  readonly #dialect: OutwardDialect;
  readonly #shape: { readonly id: string; readonly model: string };
  readonly #reading: Pick<OutwardChat, 'answer' | 'reader'> = readingMessages();

  constructor(call: Call, deployment: Deployment<Upstream>, context: PrepareContext, dialect: OutwardDialect) {
    const { upstream } = deployment;
    const endpoint = endpointOf(upstream, PATH, call.stream);
    this.origin = endpoint.origin;
    this.path = endpoint.path;
    const { members, headers } = hosted({ ...VERSION, ...call.options.dialectHeaders, ...betaHeader(call) }, deployment);
    this.headers = headersFor(upstream, endpoint, headers, call.options.upstreamHeaders);
    this.body = messagesBody(call, deployment, context, members);
    this.tls = upstream.tls;
    this.#dialect = dialect;
    this.#shape = { id: `msg_${call.requestId}`, model: context.shownModel };
  }

  whole(body: Buffer): WholeAnswer {
    const answer = this.#reading.answer(parsedAnswer(body));
    const told = JsonDocument.read(body).edited(new Map([['model', JSON.stringify(this.#shape.model)]]));
    return { body: told, usage: answer.usage ?? null, text: () => textOf(answer) };
  }

  retold({ body }: WholeAnswer): string {
    const answer = this.#reading.answer(parsedAnswer(body));
    const writer = new MessagesStreamWriter(this.#shape);
    const told = unfoldAnswer(answer).map((part) => writer.write(part));
    return latin1(told.join('') + writer.finish());
  }

  stream(): StreamTranslator {
    return new ReadStream(parserFor('sse'), this.#reading.reader(), passed(this.#shape.model), () => undefined);
  }

  error(reply: ErrorReply): ProviderError {
    return this.#dialect.error(reply);
  }
}

/** Flags in a body count as those of the header; without any the header stays as it came. */
function betaHeader(call: Call): Record<string, string> {
  return BETA_MEMBERS.some((name) => call.body.has(name)) ? { 'anthropic-beta': askedBetas(call).join(',') } : {};
}

/** Members by which the host knows the model and the version, and the headers of the dialect. */
function hosted(headers: Readonly<Record<string, string>>, { target, model }: Deployment<Upstream>): ReturnType<typeof vertexMembers> {
  if (target.host !== 'vertex') return { members: { model }, headers };
  const { members, headers: own } = vertexMembers(headers);
  return { members: { ...members, model: undefined }, headers: own };
}

/** Events as they came, but for the model's name. */
function passed(model: string): Voice {
  return {
    tell: (event) => (event === null ? '' : eventText(event, model)),
    finish: () => '',
  };
}

function eventText({ event, data }: StreamEvent, model: string): string {
  const text = event === 'message_start' ? withModel(data, model) : data;
  const lines = text.includes('\n') ? text.replaceAll('\n', '\ndata: ') : text;
  return `${event === null ? '' : `event: ${event}\n`}data: ${lines}\n\n`;
}

function withModel(data: string, model: string): string {
  const start: unknown = JSON.parse(data);
  if (!isObject(start) || !isObject(start['message'])) return data;
  return JSON.stringify({ ...start, message: { ...start['message'], model } });
}

/**
 * The client's body for the provider: bytes pass but for the model's name, members for the gateway, and what the deployment sets
 * unless the client does; only where something inside must change is it written anew.
 *
 * @param hostMembers members that the host sets; undefined ones are taken out
 */
function messagesBody(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext, hostMembers: JsonObject): Buffer {
  const { body, options } = call;
  const { defaults, resolved } = deployment.upstream;
  const paths = [...resolved.quirks.dropPaths, ...options.additionalDropParams];
  const edits = new Map(Object.entries(hostMembers).map(([name, value]): [string, string | null] => [name, JSON.stringify(value) ?? null]));
  const members = new Set(body.names());
  for (const name of members) if (isGatewayMember(name)) edits.set(name, null);
  for (const name of NEVER_SENT) if (members.has(name)) edits.set(name, null);
  const user = providerMetadata(body);
  if (user !== undefined) edits.set('metadata', JSON.stringify(user));
  for (const name of missingDefaults(members, defaults)) if (MESSAGES_MEMBERS.has(name)) edits.set(name, JSON.stringify(defaults[name]));
  const bytes = body.edited(edits);
  const extra = extraBodyOf(call, { overrides }, defaults);
  if (overrides === null && paths.length === 0 && extra === null) return bytes;
  const { model: _model, ...more } = overrides ?? {};
  const asked = dropPaths({ ...JsonDocument.read(bytes).whole(), ...more }, paths);
  return Buffer.from(JSON.stringify({ ...withExtraBody(asked, extra), ...hostMembers }));
}

/** Members that Anthropic refuses: it is told of both elsewhere. */
const NEVER_SENT = ['user', ...BETA_MEMBERS];

/** Of `metadata` only this is the provider's; the rest is for the gateway. Who is named as others name the user is told too. */
function providerMetadata(body: JsonDocument): JsonObject | undefined {
  const metadata = body.has('metadata') ? body.value('metadata') : null;
  const user = isObject(metadata) ? metadata['user_id'] : undefined;
  if (typeof user === 'string') return { user_id: user };
  const named = body.has('user') ? body.value('user') : undefined;
  return typeof named === 'string' && isOpaqueId(named) ? { user_id: named } : undefined;
}
