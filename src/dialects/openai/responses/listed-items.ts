import type { JsonObject } from '../../../core/json-object.ts';
import { digestOf } from '../../derived-id.ts';

/** How ids of items begin, by type. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
};

/**
 * The items that a response was an answer to, as a list shows them: in their long form, each under an id that no other has, since
 * clients ask for the next page by the last one's.
 *
 * @param responseId ids are derived from it where items have none
 * @see https://platform.openai.com/docs/api-reference/responses/input-items (read 2026-11-27)
 */
export function listedItems(items: readonly JsonObject[], responseId: string): JsonObject[] {
  const ids = new Set<string>();
  return items.map((item, at) => {
    const type = typeof item['type'] === 'string' ? item['type'] : item['role'] === undefined ? 'item_reference' : 'message';
    const given = item['id'];
    const derived = `${PREFIXES[type] ?? 'item'}_${digestOf(`input of ${responseId}`, at).slice(0, 48)}`;
    const id = typeof given === 'string' && given !== '' && !ids.has(given) ? given : derived;
    ids.add(id);
    return type === 'message' ? { status: 'completed', ...item, id, type, content: contentOf(item) } : { ...item, id, type };
  });
}

function contentOf({ content, role }: JsonObject): unknown {
  if (typeof content !== 'string') return content;
  return role === 'assistant' ? [{ type: 'output_text', text: content, annotations: [] }] : [{ type: 'input_text', text: content }];
}
