import type { Answer } from '../../core/answer.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { writeGenerateAnswer } from '../../dialects/gemini/content/answer.ts';
import { framesFor } from '../../dialects/gemini/content/frames.ts';
import { readGenerateRequest } from '../../dialects/gemini/content/request.ts';
import { GenerateStreamWriter } from '../../dialects/gemini/content/stream.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import { completed, type ClientSide } from './client-side.ts';
import { extraBodyOf } from './extra-body.ts';
import { withObjectRoot } from './object-root.ts';

/** A client that speaks Google's `generateContent`. */
export const geminiClient: ClientSide = {
  read(call, { dialect, upstream }, { shownModel, overrides }) {
    const given: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides })) if (!isGatewayMember(name)) given[name] = value;
    const body = dropPaths(given, call.options.additionalDropParams);
    const { request, leftOut, ...shown } = readGenerateRequest(body, call.groupName, call.stream);
    const shape = { responseId: call.requestId, model: shownModel, ...shown };
    const asked = {
      request: completed(request, upstream.defaults),
      leftOut,
      extra: extraBodyOf(call, { overrides }, upstream.defaults),
      teller: {
        whole: (answer: Answer) => writeGenerateAnswer(answer, shape),
        writer: () => new GenerateStreamWriter(shape, framesFor(call.streamForm ?? 'events')),
      },
    };
    return withObjectRoot(asked, dialect);
  },
};
