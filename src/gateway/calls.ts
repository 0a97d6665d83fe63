import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/caller.ts';
import { AuthError, ClientGoneError, InvalidRequestError } from '../core/errors.ts';
import type { HeaderList } from '../core/header-list.ts';
import { JsonDocument } from '../core/json-document.ts';
import { SpeechBody } from '../contract/audio.ts';
import { ChatAnswer, ChatBody, EmbeddingsAnswer, EmbeddingsBody } from '../contract/chat.ts';
import { CompletionAnswer, CompletionBody } from '../contract/completions.ts';
import { ModerationAnswer, ModerationBody } from '../contract/moderations.ts';
import { RerankAnswer, RerankBody } from '../contract/rerank.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';
import { checkSpeechInput } from '../dialects/openai/audio/speech.ts';
import { readPrompts } from '../dialects/openai/completions/request.ts';
import { readRerankRequest } from '../dialects/rerank/request.ts';
import { OPERATION_PATH, type Call, type Operation } from '../exchange/call.ts';
import { Client } from '../exchange/client.ts';
import type { Journey } from '../exchange/journey.ts';
import type { Reply, WholeReply } from '../exchange/reply.ts';
import { Trail } from '../exchange/trail.ts';
import { answerHeaders } from './answer-headers.ts';
import { readBody } from './body.ts';
import { CLIENT_CREDENTIALS, checkCredential } from './client-credentials.ts';
import { anthropicHeaders, callOptionsOf, callOriginOf, type RequestSettings } from './call-options.ts';
import { errorEvent } from './error-event.ts';
import { EventStream, sendStream } from './event-stream.ts';
import { withSignsOfLife } from './signs-of-life.ts';
import { refuseThread } from './threads.ts';

export interface CallSettings extends RequestSettings {
  /** `max_request_size_mb` in bytes. */
  readonly maxRequestBytes: number;
  /** `max_file_size_mb` in bytes. */
  readonly maxFileBytes: number;
  /** The model that answers an operation whichever the client names; null and absent: the client's (data-plane 8.5). */
  readonly forcedModels: Readonly<Partial<Record<Operation, string | null>>>;
}

export interface CallRouteParts {
  readonly clock: Clock;
  readonly journey: Journey;
  readonly settings: () => CallSettings;
  /** Throws while nothing can be charged yet: keys and balances are not loaded. */
  readonly ready: () => void;
  /** The caller as it is once its body is here. @throws {AuthError} when it may not call any more */
  readonly still: (caller: Caller, headers: IncomingHttpHeaders) => Caller;
  /** Told of an answer that broke off, for the log. */
  readonly onBrokenStream: (error: unknown, callId: string) => void;
}

/** Members each operation cannot do without. */
const NEEDED = {
  chat: ['messages'],
  messages: ['messages', 'max_tokens'],
  responses: [],
  generate: ['contents'],
  embeddings: ['input'],
  embed: [],
  speech: ['input'],
  transcription: [],
  completions: ['prompt'],
  moderations: ['input'],
  rerank: ['query', 'documents'],
  image_generation: ['prompt'],
  image_edit: [],
} as const satisfies Record<Operation, readonly string[]>;

/** Operations that never stream, whatever a body says. */
const ALWAYS_WHOLE: ReadonlySet<Operation> = new Set(['embeddings', 'moderations', 'rerank']);

/** Paths of an operation: with and without `/v1`, under a deployment's name, under `/openai/v1` (data-plane 4). */
export function pathsOf(operation: string): string[] {
  return [
    `/v1/${operation}`,
    `/${operation}`,
    `/openai/v1/${operation}`,
    `/engines/:model/${operation}`,
    `/v1/engines/:model/${operation}`,
    `/openai/deployments/:model/${operation}`,
  ];
}

/** Paths of operations on audio. */
export function audioPathsOf(operation: string): string[] {
  return [
    `/v1/audio/${operation}`,
    `/audio/${operation}`,
    `/openai/v1/audio/${operation}`,
    `/openai/deployments/:model/audio/${operation}`,
  ];
}

/** `POST /v1/chat/completions`, `/v1/completions`, `/v1/embeddings`, `/v1/moderations`, `/v1/rerank`, `/v1/audio/speech` and their other names. */
export function callRoutes(parts: CallRouteParts): Route[] {
  const route = (paths: readonly string[], operation: Operation, summary: string, shapes: RouteShapes): Route => ({
    method: 'POST',
    paths,
    summary,
    shapes,
    rights: 'llm',
    group: 'llm_api_routes',
    surface: 'openai',
    handle: (routeCall) => handleCall(parts, routeCall, operation),
  });
  return [
    route(
      pathsOf('chat/completions'),
      'chat',
      'Answers a conversation, whole or streamed. A model named in the path wins over the one in the body.',
      { body: ChatBody, answer: ChatAnswer, streams: true },
    ),
    route(pathsOf('embeddings'), 'embeddings', 'Turns texts into vectors.', { body: EmbeddingsBody, answer: EmbeddingsAnswer }),
    route(
      pathsOf('completions'),
      'completions',
      'Goes on from a text, whole or streamed. A model without completions of its own is asked as a conversation of one turn.',
      { body: CompletionBody, answer: CompletionAnswer, streams: true },
    ),
    route(
      ['/v1/moderations', '/moderations', '/openai/v1/moderations'],
      'moderations',
      'Judges whether texts or pictures are harmful. Costs nothing unless the model has a price.',
      { body: ModerationBody, answer: ModerationAnswer },
    ),
    route(['/v1/rerank', '/rerank', '/v2/rerank'], 'rerank', 'Sorts documents by how well they answer a query, best first.', {
      body: RerankBody,
      answer: RerankAnswer,
    }),
    route(
      audioPathsOf('speech'),
      'speech',
      'Speaks a text. The answer is the audio itself, sent as it arrives; `stream_format: sse` asks for events.',
      { body: SpeechBody, streams: true },
    ),
  ];
}

/** Reads the body of a call and answers it. */
export async function handleCall(parts: CallRouteParts, routeCall: RouteCall, operation: Operation, form?: AnswerForm): Promise<void> {
  parts.ready();
  const { request, response, caller } = routeCall;
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  const client = clientOf(response);
  const body = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  await answerCall(parts, routeCall, { operation, body, caller: parts.still(caller, request.headers), client, ...form });
}

/** How the answer is wished for, where the route says it and not the body. */
export type AnswerForm = Pick<Call, 'stream' | 'streamForm'>;

/** What is asked for, and by whom. */
export type Asked = Pick<Call, 'operation' | 'body' | 'caller' | 'client' | 'upload'> & Partial<AnswerForm>;

/** Whoever reads the answer: leaves when its connection closes before the end. */
export function clientOf(response: ServerResponse): Client {
  const client = new Client();
  response.on('close', () => {
    if (!response.writableFinished) client.leave();
  });
  return client;
}

/** Takes a call whose body is here through its journey and answers it, whole or streamed. */
export async function answerCall(parts: CallRouteParts, routeCall: RouteCall, asked: Asked): Promise<void> {
  const { response } = routeCall;
  const call = callOf(parts, routeCall, asked);
  const trail = new Trail(call.groupName);
  const running = parts.journey.run(call, trail);
  try {
    const reply = call.stream ? null : await running;
    if (reply?.kind === 'whole') sendWhole(response, reply, headersOf(parts, call, trail, routeCall));
    else await streamed(parts, running, call, trail, routeCall);
  } catch (error) {
    keepHeaders(routeCall, answerHeaders(call, trail, parts.clock.elapsed()));
    throw error;
  }
}

/** @throws while there is nothing but an error to answer with */
async function streamed(parts: CallRouteParts, running: Promise<Reply>, call: Call, trail: Trail, routeCall: RouteCall): Promise<void> {
  const { request, response } = routeCall;
  const events = new EventStream(request, response, () => headersOf(parts, call, trail, routeCall), call.streamForm);
  let reply: Reply;
  try {
    // A sign of life is an event: audio has no place for it.
    reply = await (mayBeEvents(call) ? withSignsOfLife(running, events, trail) : running);
  } catch (error) {
    if (!response.headersSent) throw error;
    events.end(errorEvent(error, call, null));
    return;
  }
  if (reply.kind === 'whole') throw new Error('a whole answer to a call that asked for a stream');
  const told = reply;
  const broken = await sendStream(events, told, (error) => errorEvent(error, call, told));
  if (broken !== null && !(broken instanceof ClientGoneError)) parts.onBrokenStream(broken, call.callId);
}

function mayBeEvents({ operation, body, streamForm }: Call): boolean {
  return operation === 'speech' ? body.value('stream_format') === 'sse' : streamForm !== 'list';
}

function headersOf(parts: CallRouteParts, call: Call, trail: Trail, { headers }: RouteCall): HeaderList {
  const list = answerHeaders(call, trail, parts.clock.elapsed());
  for (const name in headers) list.push(name, headers[name] ?? '');
  return list;
}

/** An error's answer has them too. */
function keepHeaders({ headers }: RouteCall, list: HeaderList): void {
  for (let at = 0; at < list.length; at += 2) headers[list[at] ?? ''] = list[at + 1] ?? '';
}

function sendWhole(response: ServerResponse, { body, contentType }: WholeReply, headers: HeaderList): void {
  headers.push('content-type', contentType, 'content-length', String(body.length));
  response.writeHead(200, headers);
  // Text leaves in one write with the head; a buffer would be a write of its own.
  if (body.length <= LARGEST_JOINED) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

/** Bodies up to this size are copied to stand behind their head. */
const LARGEST_JOINED = 65_536;

function callOf(parts: CallRouteParts, routeCall: RouteCall, asked: Asked): Call {
  const { operation, body, caller, client, upload, streamForm } = asked;
  const { request, params, requestId, callId, arrivedAt, path } = routeCall;
  const forced = parts.settings().forcedModels[operation] ?? null;
  const model = forced ?? (operation === 'moderations' ? judgeOf(body) : modelOf(body, params['model']));
  checkShape(body, operation);
  if (operation === 'image_edit' && !upload) checkImageEdit(body);
  return {
    requestId,
    callId,
    operation,
    caller,
    model,
    groupName: aliased(caller, model),
    body,
    ...(upload && { upload }),
    ...(streamForm && { streamForm }),
    stream: asked.stream ?? (operation === 'speech' || (!ALWAYS_WHOLE.has(operation) && body.has('stream') && streamOf(body))),
    options: optionsOf(parts, routeCall, operation, body, caller),
    origin: callOriginOf(body, request.headers, path, request.socket.remoteAddress ?? null, operation === 'messages'),
    startedAt: parts.clock.now(),
    arrivedAt,
    client,
  };
}

function optionsOf(
  parts: CallRouteParts,
  { request: { headers } }: RouteCall,
  operation: Operation,
  body: JsonDocument,
  caller: Caller,
): Call['options'] {
  const options = callOptionsOf(body, headers, caller, parts.settings());
  return operation === 'messages' ? { ...options, dialectHeaders: anthropicHeaders(headers) } : options;
}

/** The path's model wins over the body's (data-plane 8.5). */
export function modelOf(body: JsonDocument, inPath: string | undefined): string {
  const model = inPath ?? body.value('model');
  if (model === undefined || model === null) throw new InvalidRequestError("Missing required parameter: 'model'.", 'model');
  if (typeof model !== 'string' || model === '') throw new InvalidRequestError("'model' must be a text that names a model.", 'model');
  return model;
}

/** Who judges when nobody is named. */
const USUAL_JUDGE = 'omni-moderation-latest';

function judgeOf(body: JsonDocument): string {
  return (body.value('model') ?? null) === null ? USUAL_JUDGE : modelOf(body, undefined);
}

export function aliased(caller: Caller, model: string): string {
  return Object.hasOwn(caller.aliases, model) ? (caller.aliases[model] ?? model) : model;
}

function checkShape(body: JsonDocument, operation: Operation): void {
  const route = OPERATION_PATH[operation];
  for (const name of NEEDED[operation]) {
    if (!body.has(name) || body.startsWith(name, 'n'))
      throw new InvalidRequestError(`${route}: Missing required parameter: '${name}'.`, name);
  }
  if (operation === 'responses' && !ASKING.some((name) => body.has(name) && !body.startsWith(name, 'n')))
    throw new InvalidRequestError(`${route}: Missing required parameter: 'input'.`, 'input');
  if (operation === 'messages') refuseThread(body);
  if ((operation === 'chat' || operation === 'messages') && !body.startsWith('messages', '['))
    throw new InvalidRequestError("'messages' must be a list of messages.", 'messages');
  if (operation === 'speech') checkSpeechInput(body.value('input'));
  if (operation === 'completions') readPrompts(body.value('prompt'));
  if (operation === 'rerank') readRerankRequest(body.whole());
  if (operation === 'image_generation') checkImagePrompt(body.value('prompt'));
  for (const name of CLIENT_CREDENTIALS) if (body.has(name)) checkCredential(name, body.value(name));
}

/** What a request for a response may ask with: itself, or something that is kept. */
const ASKING = ['input', 'prompt', 'previous_response_id', 'conversation'];

/** Of a form, its provider says what is missing: it is not all here yet. */
function checkImageEdit(body: JsonDocument): void {
  checkImagePrompt(body.value('prompt') ?? undefined);
  if (!body.has('images') && !body.has('image')) throw new InvalidRequestError("Missing required parameter: 'images'.", 'images');
}

function checkImagePrompt(prompt: unknown): void {
  if (prompt === undefined) throw new InvalidRequestError("Missing required parameter: 'prompt'.", 'prompt');
  if (typeof prompt !== 'string') throw new InvalidRequestError("'prompt' must be a text.", 'prompt');
}

function streamOf(body: JsonDocument): boolean {
  const value = body.value('stream');
  if (value === null || typeof value === 'boolean') return value === true;
  throw new InvalidRequestError("'stream' must be true or false.", 'stream');
}
