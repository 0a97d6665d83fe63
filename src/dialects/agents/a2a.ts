import type { OutwardChat, OutwardDialect, Target } from '../../core/dialect.ts';
import { printed, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import type { ChatRequest } from '../../core/request.ts';
import { A2aWire } from './a2a-wire.ts';
import { askedIn, conversationOf, newTurns } from './conversation.ts';
import { readError } from './errors.ts';
import { objectIn } from './event-json.ts';
import { ownMembers } from './params.ts';
import { AgentReader, answerOf } from './said.ts';

/** Two versions of the protocol are in use: names and members of one thing differ. */
interface Version {
  readonly headers: Readonly<Record<string, string>>;
  readonly send: string;
  readonly stream: string;
  /** To wait for the end of the task. */
  readonly configuration: JsonObject;
  message(members: JsonObject): JsonObject;
  text(text: string): JsonObject;
  file(medium: MediaPart): JsonObject;
}

/** @see https://a2a-protocol.org/v0.3.0/specification (2026-11-26) */
const V0_3: Version = {
  headers: {},
  send: 'message/send',
  stream: 'message/stream',
  configuration: { blocking: true },
  message: (members) => ({ kind: 'message', role: 'user', ...members }),
  text: (text) => ({ kind: 'text', text }),
  file: ({ source, mediaType, filename }) => ({
    kind: 'file',
    file: {
      ...(source.type === 'data' ? { bytes: source.data } : { uri: source.type === 'url' ? source.url : source.fileId }),
      ...(mediaType === undefined ? {} : { mimeType: mediaType }),
      ...(filename === undefined ? {} : { name: filename }),
    },
  }),
};

/** @see https://a2a-protocol.org/latest/specification (2026-11-26) */
const V1: Version = {
  headers: { 'a2a-version': '1.0' },
  send: 'SendMessage',
  stream: 'SendStreamingMessage',
  // It waits unless told otherwise.
  configuration: {},
  message: (members) => ({ role: 'ROLE_USER', ...members }),
  text: (text) => ({ text }),
  file: ({ source, mediaType, filename }) => ({
    ...(source.type === 'data' ? { raw: source.data } : { url: source.type === 'url' ? source.url : source.fileId }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(filename === undefined ? {} : { filename }),
  }),
};

const WRITTEN = ['context_id', 'task_id', 'a2a_version', 'a2a_streaming'];

/**
 * An agent of the Agent2Agent protocol over JSON-RPC. It gets the conversation as one message; with a context that it keeps, what
 * is new. `a2a_version: "1.0"` speaks the newer version, `a2a_streaming: false` is for agents that have no stream.
 *
 * @param newId a name for each message that nobody else has
 */
export function createA2a(newId: () => string): OutwardDialect {
  return { name: 'a2a', chat: (request, target) => chat(request, target, newId), mustInline: () => false, error: readError };
}

function chat(request: ChatRequest, target: Target, newId: () => string): OutwardChat {
  const { extras } = request;
  const version = printed(extras['a2a_version']).startsWith('1') ? V1 : V0_3;
  const stream = request.stream && extras['a2a_streaming'] !== false;
  const metadata = ownMembers(request, target, WRITTEN);
  return {
    path: '',
    headers: { ...version.headers, ...(stream ? { accept: 'text/event-stream' } : {}) },
    body: {
      jsonrpc: '2.0',
      id: newId(),
      method: stream ? version.stream : version.send,
      params: {
        message: messageOf(request, version, newId()),
        configuration: { acceptedOutputModes: ['text/plain', 'application/json', 'image/png'], ...version.configuration },
        ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      },
    },
    framing: 'sse',
    answer: (body) => answerOf('a2a', new A2aWire().whole(objectIn(body))),
    reader: () => new AgentReader('a2a', new A2aWire()),
  };
}

function messageOf(request: ChatRequest, version: Version, messageId: string): JsonObject {
  const context = conversationOf(request, 'context_id');
  const task = request.extras['task_id'];
  const { text, media } = askedIn(newTurns(request.messages, context !== null || typeof task === 'string'));
  return version.message({
    messageId,
    parts: [...(text === '' && media.length > 0 ? [] : [version.text(text)]), ...media.map((medium) => version.file(medium))],
    ...(context === null ? {} : { contextId: context }),
    ...(typeof task === 'string' ? { taskId: task } : {}),
  });
}
