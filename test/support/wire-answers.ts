import { isObject } from '../../src/core/json-object.ts';
import type { Behaviour } from './fake-provider.ts';
import { wireCase } from '../dialects/wire-case.ts';

/** Paths that ask for a stream. */
const STREAMING = /:streamGenerateContent|\/converse-stream$|_stream\b|\/runs\/stream$|stream=true$|-response-stream$/;
/** Methods and modes that do. */
const STREAMED: ReadonlySet<unknown> = new Set(['message/stream', 'SendStreamingMessage', 'streaming']);
const STREAM_TYPES: Readonly<Record<string, string>> = {
  ollama: 'application/x-ndjson',
  bedrock: 'application/vnd.amazon.eventstream',
  sagemaker: 'application/vnd.amazon.eventstream',
  bytez: 'text/plain; charset=utf-8',
};

/** Answers as a documented exchange says (`test/fixtures/wire/<name>`): its stream when one was asked for, else its plain answer. */
export function wire(name: string): Behaviour {
  const { about, response: body, stream } = wireCase(name);
  return (request, response) => {
    const { stream: wanted, config, method, response_mode: mode, chatRequest: framed } = request.json;
    const streams =
      wanted === true ||
      isTold(config) ||
      (isObject(framed) && framed['isStream'] === true) ||
      STREAMING.test(request.path) ||
      STREAMED.has(method) ||
      STREAMED.has(mode);
    if (streams && stream.length > 0) {
      response.writeHead(200, { 'content-type': STREAM_TYPES[name.split('/', 1)[0] ?? ''] ?? 'text/event-stream' });
      response.end(stream);
      return;
    }
    response.writeHead(about.status ?? 200, { 'content-type': 'application/json', ...about.headers });
    response.end(JSON.stringify(body));
  };
}

/** SAP is told in its configuration. */
function isTold(config: unknown): boolean {
  return isObject(config) && isObject(config['stream']) && config['stream']['enabled'] === true;
}

/** Answers one call after another; the last one again and again. */
export function inTurn(...behaviours: readonly Behaviour[]): Behaviour {
  let calls = 0;
  return (request, response) => {
    const behaviour = behaviours[Math.min(calls++, behaviours.length - 1)];
    return behaviour?.(request, response);
  };
}
