import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { readUsage } from '../openai/usage.ts';

/**
 * What an answer says that it used: Cohere's search units, tokens in any of the places where providers tell them, and what the
 * call cost where that is told.
 *
 * @returns undefined when nothing was told that can be a count
 */
export function rerankUsage(body: JsonObject): Usage | undefined {
  const meta = objectIn(body, 'meta');
  const [billed, tokens, usage] = [objectIn(meta, 'billed_units'), objectIn(meta, 'tokens'), objectIn(body, 'usage')];
  const searchUnits = counted(billed['search_units'], usage['search_units']);
  const inputTokens = counted(
    usage['prompt_tokens'],
    usage['input_tokens'],
    usage['total_tokens'],
    tokens['input_tokens'],
    billed['input_tokens'],
    billed['total_tokens'],
    body['input_tokens'],
    body['input_token_count'],
  );
  if (searchUnits === undefined && inputTokens === undefined) return undefined;
  const cost = readUsage(usage)?.reportedCost;
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: 0,
    ...(searchUnits === undefined ? {} : { searchUnits }),
    ...(cost === undefined ? {} : { reportedCost: cost }),
    raw: { ...(isObject(body['usage']) ? { usage } : {}), ...(isObject(body['meta']) ? { meta } : {}) },
  };
}

function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** The first that counts something: 0 says that it was not counted. */
function counted(...told: readonly unknown[]): number | undefined {
  return told.find((count): count is number => isTokenCount(count) && count > 0);
}
