import type { JsonObject } from '../../../core/json-object.ts';
import type { Reasoning, ResponseFormat } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { countAt, maybe, objectAt, stringAt, wordAt } from './fields.ts';

/** Name of the client's schema for providers that want one (data-plane 9.13). */
const FORMAT_NAME = 'structured_output';

/** `output_config.format`, or the older `output_format`. @throws {InvalidRequestError} naming the member */
export function readOutputFormat(body: JsonObject): ResponseFormat | undefined {
  const config = maybe(body['output_config'], 'output_config', objectAt);
  return maybe(config?.['format'], 'output_config.format', readFormat) ?? maybe(body['output_format'], 'output_format', readFormat);
}

function readFormat(value: unknown, path: string): ResponseFormat {
  const raw = objectAt(value, path);
  wordAt(raw['type'], `${path}.type`, ['json_schema']);
  return { type: 'json_schema', name: FORMAT_NAME, schema: objectAt(raw['schema'], `${path}.schema`), strict: true };
}

/** `thinking` and `output_config.effort`. @throws {InvalidRequestError} naming the member */
export function readReasoning(body: JsonObject): Reasoning | undefined {
  const config = maybe(body['output_config'], 'output_config', objectAt);
  const reasoning = present({
    effort: maybe(config?.['effort'], 'output_config.effort', stringAt),
    thinking: maybe(body['thinking'], 'thinking', readThinking),
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function readThinking(value: unknown, path: string): NonNullable<Reasoning['thinking']> {
  const raw = objectAt(value, path);
  const type = stringAt(raw['type'], `${path}.type`);
  return { type, raw, ...present({ budgetTokens: maybe(raw['budget_tokens'], `${path}.budget_tokens`, countAt) }) };
}

/** Members of `output_config` that the hub has no word for. */
export function restOfOutputConfig(body: JsonObject): JsonObject {
  const { effort: _, format: __, ...rest } = maybe(body['output_config'], 'output_config', objectAt) ?? {};
  return Object.keys(rest).length === 0 ? {} : { output_config: rest };
}
