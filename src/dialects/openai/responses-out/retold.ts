import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';

type Step = readonly [type: string, members: JsonObject];

/**
 * A whole response told as a stream, for providers that answer with one body although a stream was asked for.
 *
 * @param after number of the last event that the client knows; none by default
 */
export function retoldResponse(response: JsonObject, after = -1): string {
  const output = Array.isArray(response['output']) ? response['output'].filter(isObject) : [];
  const begun = { response: { ...response, status: 'in_progress', output: [], usage: null } };
  const steps: Step[] = [
    ['response.created', begun],
    ['response.in_progress', begun],
    ...output.flatMap((item, index) => itemSteps(item, { output_index: index })),
    [response['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed', { response }],
  ];
  return steps
    .map(([type, members], number) => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...members })}\n\n`)
    .slice(after + 1)
    .join('');
}

function itemSteps(item: JsonObject, place: JsonObject): Step[] {
  const at = { ...place, item_id: wordOf(item['id']) };
  return [
    ['response.output_item.added', { ...place, item: begunItem(item) }],
    ...(item['type'] === 'function_call' ? argumentSteps(wordOf(item['arguments']), at) : []),
    ...(item['type'] === 'message' && Array.isArray(item['content'])
      ? item['content'].filter(isObject).flatMap((part, index) => contentSteps(part, { ...at, content_index: index }))
      : []),
    ['response.output_item.done', { ...place, item }],
  ];
}

function begunItem(item: JsonObject): JsonObject {
  if (item['type'] === 'message') return { ...item, status: 'in_progress', content: [] };
  return item['type'] === 'function_call' ? { ...item, status: 'in_progress', arguments: '' } : item;
}

function argumentSteps(text: string, at: JsonObject): Step[] {
  return [
    ['response.function_call_arguments.delta', { ...at, delta: text }],
    ['response.function_call_arguments.done', { ...at, arguments: text }],
  ];
}

function contentSteps(part: JsonObject, at: JsonObject): Step[] {
  const isRefusal = part['type'] === 'refusal';
  const text = wordOf(isRefusal ? part['refusal'] : part['text']);
  const empty = isRefusal ? { type: 'refusal', refusal: '' } : { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const said: Step[] = isRefusal
    ? [
        ['response.refusal.delta', { ...at, delta: text }],
        ['response.refusal.done', { ...at, refusal: text }],
      ]
    : [
        ['response.output_text.delta', { ...at, delta: text, logprobs: [] }],
        ['response.output_text.done', { ...at, text, logprobs: [] }],
      ];
  return [['response.content_part.added', { ...at, part: empty }], ...said, ['response.content_part.done', { ...at, part }]];
}
