import type { PartWriter } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { keptOutput, writeResponse } from '../../dialects/openai/responses/answer.ts';
import { readResponsesRequest } from '../../dialects/openai/responses/request.ts';
import type { ResponseShape } from '../../dialects/openai/responses/response-object.ts';
import { ResponsesStreamWriter } from '../../dialects/openai/responses/stream.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { ResponseStore } from '../response-store.ts';
import { completed, type ClientSide } from './client-side.ts';
import { extraBodyOf } from './extra-body.ts';

/** A client that speaks OpenAI's Responses. What it is answered is kept, unless it says otherwise: the next turn may name it. */
export function responsesClient(store: ResponseStore): ClientSide {
  return {
    read(call, { upstream }, { shownModel, overrides }) {
      const members: JsonObject = {};
      for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides }))
        if (!isGatewayMember(name) || name === 'metadata') members[name] = value;
      const { request, asked } = readResponsesRequest(dropPaths(members, call.options.additionalDropParams), call.groupName);
      if (asked.background) throw inBackground();
      const shape: ResponseShape = {
        id: responseId(call),
        model: shownModel,
        created: Math.floor(call.startedAt / 1000),
        asked,
      };
      const keep = (output: readonly JsonObject[], response: JsonObject): void => {
        if (asked.store) store.keep(call.caller, shape.id, { input: asked.input, output, response });
      };
      return {
        request: completed(request, upstream.defaults),
        leftOut: asked.leftOut,
        extra: extraBodyOf(call, { overrides }, upstream.defaults),
        teller: {
          whole: (answer) => {
            const response = writeResponse(answer, shape);
            keep(keptOutput(answer, shape), response);
            return response;
          },
          writer: () => keepingWriter(shape, keep),
        },
      };
    },
  };
}

/** Nobody would fetch the answer: calls end with their connection. */
export function inBackground(): InvalidRequestError {
  return new InvalidRequestError("'background' is not supported: the answer comes on this connection, whole or streamed.", 'background');
}

/** Ids are ours: the provider's may be the same for two answers. */
export function responseId({ requestId }: Pick<Call, 'requestId'>): string {
  return `resp_${requestId.replaceAll('-', '')}`;
}

function keepingWriter(shape: ResponseShape, keep: (output: readonly JsonObject[], response: JsonObject) => void): PartWriter {
  const writer = new ResponsesStreamWriter(shape);
  return {
    write: (part) => writer.write(part),
    finish: () => {
      const text = writer.finish();
      keep(writer.kept, writer.response);
      return text;
    },
    fail: (failure) => writer.fail(failure),
  };
}
