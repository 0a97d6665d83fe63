import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/caller.ts';
import { AuthError, ClientGoneError, InvalidRequestError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { errorAnswerOf } from '../contract/error-envelope.ts';
import type { Call, Operation } from '../exchange/call.ts';
import type { Journey } from '../exchange/journey.ts';
import type { Reply } from '../exchange/reply.ts';
import { Trail } from '../exchange/trail.ts';
import { answerHeaders } from './answer-headers.ts';
import { readBody } from './body.ts';
import { callOptionsOf, callOriginOf, type RequestSettings } from './call-options.ts';
import { EventStream, sendStream } from './event-stream.ts';
import { withSignsOfLife } from './signs-of-life.ts';

export interface CallSettings extends RequestSettings {
  /** `max_request_size_mb` in bytes. */
  readonly maxRequestBytes: number;
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
const NEEDED = { chat: ['messages'], embeddings: ['input'] } as const satisfies Record<Operation, readonly string[]>;

/** Paths of an operation: with and without `/v1`, under a deployment's name, under `/openai/v1` (data-plane 4). */
function pathsOf(operation: string): string[] {
  return [
    `/v1/${operation}`,
    `/${operation}`,
    `/openai/v1/${operation}`,
    `/engines/:model/${operation}`,
    `/v1/engines/:model/${operation}`,
    `/openai/deployments/:model/${operation}`,
  ];
}

/** `POST /v1/chat/completions`, `/v1/embeddings` and their other names. */
export function callRoutes(parts: CallRouteParts): Route[] {
  const route = (path: string, operation: Operation, summary: string): Route => ({
    method: 'POST',
    paths: pathsOf(path),
    summary,
    rights: 'llm',
    group: 'llm_api_routes',
    surface: 'openai',
    handle: (routeCall) => handle(parts, routeCall, operation),
  });
  return [
    route(
      'chat/completions',
      'chat',
      'Answers a conversation, whole or streamed. A model named in the path wins over the one in the body.',
    ),
    route('embeddings', 'embeddings', 'Turns texts into vectors.'),
  ];
}

async function handle(parts: CallRouteParts, routeCall: RouteCall, operation: Operation): Promise<void> {
  parts.ready();
  const { response, request } = routeCall;
  const settings = parts.settings();
  const left = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) left.abort(new ClientGoneError('the client is gone'));
  });
  const body = JsonDocument.read(await readBody(request, settings.maxRequestBytes));
  const call = callOf(parts, routeCall, operation, body, left.signal);
  const trail = new Trail(call.groupName);
  const running = parts.journey.run(call, trail);
  const events = new EventStream(request, response, () => headersOf(parts, call, trail, routeCall));
  try {
    const reply = call.stream ? await withSignsOfLife(running, events, trail) : await running;
    await send(parts, reply, call, trail, routeCall, events);
  } catch (error) {
    if (response.headersSent) {
      events.end(errorEvent(error));
      return;
    }
    Object.assign(routeCall.headers, answerHeaders(call, trail, parts.clock.elapsed()));
    throw error;
  }
}

async function send(
  parts: CallRouteParts,
  reply: Reply,
  call: Call,
  trail: Trail,
  routeCall: RouteCall,
  events: EventStream,
): Promise<void> {
  if (reply.kind === 'whole') {
    sendWhole(routeCall.response, reply.body, headersOf(parts, call, trail, routeCall));
    return;
  }
  const broken = await sendStream(events, reply, errorEvent);
  if (broken !== null && !(broken instanceof ClientGoneError)) parts.onBrokenStream(broken, call.callId);
}

function headersOf(parts: CallRouteParts, call: Call, trail: Trail, routeCall: RouteCall): Record<string, string> {
  return Object.assign(answerHeaders(call, trail, parts.clock.elapsed()), routeCall.headers);
}

function sendWhole(response: ServerResponse, body: Buffer, headers: Record<string, string>): void {
  headers['content-type'] = 'application/json';
  headers['content-length'] = String(body.length);
  response.writeHead(200, headers);
  // Text leaves in one write with the head; a buffer would be a write of its own.
  if (body.length <= LARGEST_JOINED) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

/** Bodies up to this size are copied to stand behind their head. */
const LARGEST_JOINED = 65_536;

/** The event that tells an error; latin1, one character a byte. */
function errorEvent(error: unknown): string {
  return Buffer.from(`data: ${JSON.stringify(errorAnswerOf(error).body)}\n\n`).toString('latin1');
}

function callOf(parts: CallRouteParts, routeCall: RouteCall, operation: Operation, body: JsonDocument, signal: AbortSignal): Call {
  const { request, params, requestId, callId, arrivedAt, path } = routeCall;
  if (!routeCall.caller) throw new AuthError('Authentication Error, No api key passed in.');
  const caller = parts.still(routeCall.caller, request.headers);
  const model = modelOf(body, params['model']);
  checkShape(body, operation);
  return {
    requestId,
    callId,
    operation,
    caller,
    model,
    groupName: aliased(caller, model),
    body,
    stream: operation === 'chat' && body.has('stream') && streamOf(body),
    options: callOptionsOf(body, request.headers, caller, parts.settings()),
    origin: callOriginOf(body, request.headers, path, request.socket.remoteAddress ?? null),
    startedAt: parts.clock.now(),
    arrivedAt,
    signal,
  };
}

/** The path's model wins over the body's (data-plane 8.5). */
function modelOf(body: JsonDocument, inPath: string | undefined): string {
  const model = inPath ?? body.value('model');
  if (model === undefined || model === null) throw new InvalidRequestError("Missing required parameter: 'model'.", 'model');
  if (typeof model !== 'string' || model === '') throw new InvalidRequestError("'model' must be a text that names a model.", 'model');
  return model;
}

function aliased(caller: Caller, model: string): string {
  return Object.hasOwn(caller.aliases, model) ? (caller.aliases[model] ?? model) : model;
}

function checkShape(body: JsonDocument, operation: Operation): void {
  const route = operation === 'chat' ? '/chat/completions' : '/embeddings';
  for (const name of NEEDED[operation]) {
    if (!body.has(name) || body.startsWith(name, 'n'))
      throw new InvalidRequestError(`${route}: Missing required parameter: '${name}'.`, name);
  }
  if (operation === 'chat' && !body.startsWith('messages', '['))
    throw new InvalidRequestError("'messages' must be a list of messages.", 'messages');
  for (const name of CLIENT_CREDENTIALS) {
    if (body.has(name) && body.value(name) !== null)
      throw new InvalidRequestError(`'${name}' may not be set by clients of this gateway.`, name);
  }
}

/** A client must not say where a managed model's key is sent (CVE-2024-6587). */
const CLIENT_CREDENTIALS = ['api_key', 'api_base', 'base_url', 'api_version'] as const;

function streamOf(body: JsonDocument): boolean {
  const value = body.value('stream');
  if (value === null || typeof value === 'boolean') return value === true;
  throw new InvalidRequestError("'stream' must be true or false.", 'stream');
}
