import type { JsonObject } from '../../core/json-object.ts';
import { writeGenerateAnswer } from '../../dialects/gemini/content/answer.ts';
import { framesFor } from '../../dialects/gemini/content/frames.ts';
import { readGenerateRequest } from '../../dialects/gemini/content/request.ts';
import { GenerateStreamWriter } from '../../dialects/gemini/content/stream.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import { completed, type ClientSide } from './client-side.ts';
import { extraBodyOf } from './extra-body.ts';

/** A client that speaks Google's `generateContent`. */
export const geminiClient: ClientSide = {
  read(call, { upstream }, { shownModel, overrides }) {
    const asked: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides })) if (!isGatewayMember(name)) asked[name] = value;
    const body = dropPaths(asked, call.options.additionalDropParams);
    const { request, leftOut, ...shown } = readGenerateRequest(body, call.groupName, call.stream);
    const shape = { responseId: call.requestId, model: shownModel, ...shown };
    return {
      request: completed(request, upstream.defaults),
      leftOut,
      extra: extraBodyOf(call, { overrides }, upstream.defaults),
      teller: {
        whole: (answer) => writeGenerateAnswer(answer, shape),
        writer: () => new GenerateStreamWriter(shape, framesFor(call.streamForm ?? 'events')),
      },
    };
  },
};
