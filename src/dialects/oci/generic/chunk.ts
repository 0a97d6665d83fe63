import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { objectOf, objectsIn } from '../event.ts';
import { openaiUsage } from '../usage.ts';

/**
 * A choice, as an event of a stream or a whole answer holds it, as a chunk of OpenAI's chat.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/ChatChoice (2026-11-26)
 */
export function chunkOf(choice: JsonObject): JsonObject {
  const { index, message, finishReason, serviceTier, usage } = choice;
  const tier = typeof serviceTier === 'string' ? { service_tier: serviceTier.toLowerCase() } : {};
  const counted = openaiUsage(usage);
  const says = typeof finishReason === 'string' || [message, choice['logprobs'], choice['groundingMetadata']].some(isObject);
  return {
    choices: says
      ? [
          {
            index: typeof index === 'number' ? index : 0,
            delta: deltaOf(objectOf(message)),
            finish_reason: typeof finishReason === 'string' ? finishReason.toLowerCase() : null,
            logprobs: logprobsOf(choice['logprobs']),
          },
        ]
      : [],
    ...tier,
    ...(counted === undefined ? {} : { usage: counted }),
  };
}

function deltaOf({ content, reasoningContent, refusal, toolCalls, annotations }: JsonObject): JsonObject {
  return {
    content: contentOf(content),
    reasoning_content: reasoningContent,
    refusal,
    tool_calls: objectsIn(toolCalls).map(({ id, name, arguments: given, function: called }) => ({
      id: typeof id === 'string' ? id : '',
      type: 'function',
      function: { name: wordOf(name ?? objectOf(called)['name']), arguments: given ?? objectOf(called)['arguments'] },
    })),
    annotations: objectsIn(annotations).map(({ urlCitation }) => {
      const { startIndex, endIndex, title, url } = objectOf(urlCitation);
      return { type: 'url_citation', url_citation: { start_index: startIndex, end_index: endIndex, title, url } };
    }),
  };
}

/** Text alone, or the parts in OpenAI's names: models answer with nothing else. */
function contentOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) => {
    const { type, text, imageUrl } = objectOf(part);
    if (type === 'IMAGE') return { type: 'image_url', image_url: { url: objectOf(imageUrl)['url'] } };
    return { type: 'text', text: wordOf(text) };
  });
}

/** Lists beside each other as OpenAI's list of tokens. */
function logprobsOf(value: unknown): JsonObject | null {
  if (!isObject(value) || !Array.isArray(value['tokens']) || value['tokens'].length === 0) return null;
  const { tokens, tokenLogprobs, topLogprobs } = value;
  const content = tokens.map((token: unknown, at) => ({
    token: wordOf(token),
    logprob: numberAt(tokenLogprobs, at),
    bytes: null,
    top_logprobs: Object.entries(objectOf(Array.isArray(topLogprobs) ? topLogprobs[at] : null)).map(([other, logprob]) => ({
      token: other,
      logprob: Number(wordOf(logprob) || (typeof logprob === 'number' ? logprob : 0)),
      bytes: null,
    })),
  }));
  return { content, refusal: null };
}

function numberAt(list: unknown, at: number): number {
  const value: unknown = Array.isArray(list) ? list[at] : null;
  return typeof value === 'number' ? value : 0;
}
