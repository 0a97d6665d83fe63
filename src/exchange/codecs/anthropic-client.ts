import type { Answer } from '../../core/answer.ts';
import type { DialectName } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { forOtherHost } from '../../dialects/anthropic/messages/other-host.ts';
import { readMessagesRequest } from '../../dialects/anthropic/messages/request.ts';
import { MessagesStreamWriter } from '../../dialects/anthropic/messages/stream.ts';
import { writeMessagesAnswer } from '../../dialects/anthropic/messages/answer.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import { completed, type ClientSide } from './client-side.ts';
import { askedBetas } from './asked-betas.ts';
import { extraBodyOf } from './extra-body.ts';
import { withObjectRoot } from './object-root.ts';

/** A client that speaks Anthropic's Messages. */
export const anthropicClient: ClientSide = {
  read(call, { dialect, upstream }, { shownModel, overrides }) {
    const asked: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides }))
      if (!isGatewayMember(name) || name === 'metadata') asked[name] = value;
    const body = dropPaths(asked, call.options.additionalDropParams);
    const own = readMessagesRequest(body, call.groupName);
    const { request, leftOut, ...names } = dialect === 'anthropic' ? { request: own, leftOut: [] } : forOtherHost(own);
    const shape = { id: `msg_${call.requestId}`, model: shownModel, ...names };
    const said = dialect === 'responses' ? withoutStops(request) : request;
    const chat = {
      request: completed(HOSTS.has(dialect) ? withBetas(said, askedBetas(call)) : said, upstream.defaults),
      leftOut,
      extra: extraBodyOf(call, { overrides }, upstream.defaults),
      teller: { whole: (answer: Answer) => writeMessagesAnswer(answer, shape), writer: () => new MessagesStreamWriter(shape) },
    };
    return withObjectRoot(chat, dialect);
  },
};

/** Dialects of hosts of Claude, which know Anthropic's flags; each leaves out those that it refuses. */
const HOSTS: ReadonlySet<DialectName> = new Set(['anthropic', 'bedrock']);

function withBetas({ extras, ...request }: ChatRequest, flags: readonly string[]): ChatRequest {
  const { betas: _, anthropic_beta: __, ...others } = extras;
  return { ...request, extras: flags.length === 0 ? others : { ...others, anthropic_beta: flags } };
}

/** Responses cannot be told where to stop (data-plane 9.13). */
function withoutStops(request: ChatRequest): ChatRequest {
  const { stop: _, ...rest } = request;
  return rest;
}
