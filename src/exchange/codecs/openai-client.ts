import type { Deployment } from '../../core/deployment.ts';
import type { DialectName } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { writeChatAnswer, type AnswerShape } from '../../dialects/openai/chat/answer.ts';
import { readChatRequest, usesLegacyFunctions } from '../../dialects/openai/chat/request.ts';
import { ChatStreamWriter } from '../../dialects/openai/chat/stream.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import type { ClientSide } from './client-side.ts';
import { extraBodyOf } from './extra-body.ts';

/** A client that speaks OpenAI's chat. */
export const openaiClient: ClientSide = {
  read(call, deployment, context) {
    const { extra_body: _, ...body } = bodyOf(call, deployment, context);
    const shape: AnswerShape = {
      id: `chatcmpl-${call.requestId}`,
      model: context.shownModel,
      created: Math.floor(call.startedAt / 1000),
      ...(usesLegacyFunctions(body) ? { legacyFunctions: true } : {}),
    };
    const { includeUsage } = call.options;
    const thinkingBlocks = SEALS.has(deployment.dialect);
    return {
      request: readChatRequest(body, call.groupName),
      extra: extraBodyOf(call, context, deployment.upstream.defaults),
      teller: {
        whole: (answer) => writeChatAnswer(answer, shape),
        writer: () => new ChatStreamWriter({ ...shape, includeUsage, thinkingBlocks }),
      },
    };
  },
};

/** Dialects whose thoughts come with a proof that the next turn brings back. */
const SEALS: ReadonlySet<DialectName> = new Set(['anthropic', 'bedrock', 'responses', 'gigachat', 'sap']);

/** The client's body with the deployment's defaults, less what is for the gateway. */
function bodyOf(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): JsonObject {
  const asked: JsonObject = {};
  for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides })) {
    if (value !== null && (!isGatewayMember(name) || name === 'extra_body')) asked[name] = value;
  }
  const { defaults, resolved } = deployment.upstream;
  return dropPaths(withDefaults(asked, defaults), [...resolved.quirks.dropPaths, ...call.options.additionalDropParams]);
}
