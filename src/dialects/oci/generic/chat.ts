import type { Target } from '../../../core/dialect.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { callIdsIn } from '../../call-ids.ts';
import { forcedParams } from '../../params.ts';
import { ToolNames } from '../../tool-names.ts';
import type { FormatChat } from '../format-chat.ts';
import { ownExtras } from '../frame.ts';
import { familyOf } from './families.ts';
import { messagesOf } from './messages.ts';
import { droppedParams, mannerMembers, samplingMembers } from './params.ts';
import { GenericReader } from './reader.ts';
import { NAME_RULES, responseFormatOf, toolMembers } from './tools.ts';

/**
 * A conversation with a model of Meta, xAI, OpenAI, Google or others that Oracle hosts.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/GenericChatRequest (2026-11-26)
 */
export function genericChat(request: ChatRequest, target: Target): FormatChat {
  const family = familyOf(target.model);
  const dropped = droppedParams(request, family, target);
  const names = new ToolNames(NAME_RULES);
  const tools = toolMembers(request, target, family, names);
  const reading = { names, takenIds: callIdsIn(request.messages), asked: request.n ?? 1 };
  return {
    body: {
      apiFormat: 'GENERIC',
      messages: messagesOf(request.messages, family, names),
      ...tools,
      ...responseFormatOf(request.responseFormat),
      ...samplingMembers(request, family, dropped),
      ...mannerMembers(request, target, dropped),
      ...forcedParams(request, target, ['user']),
      ...ownExtras(request.extras),
    },
    reader: () => new GenericReader(reading),
  };
}
