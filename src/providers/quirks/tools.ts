import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { without } from './json-path.ts';
import { messagesOf } from './system-text.ts';
import { withoutKeywords } from './tool-schema.ts';

/** Tools as the provider takes them; a choice among no tools is left out (data-plane 11.6). */
export function withTools(body: JsonObject, quirks: Quirks): JsonObject {
  const given = body['tools'];
  if (given === undefined || (Array.isArray(given) && given.length === 0))
    return without(body, ['tools', 'tool_choice', 'parallel_tool_calls']);
  if (!Array.isArray(given)) return body;
  const tools = unique(given.map((tool) => asFunction(tool, quirks)).filter((tool) => isTaken(tool, quirks)));
  if (tools.length === 0) return without(body, ['tools', 'tool_choice', 'parallel_tool_calls']);
  return nudged({ ...body, tools: tools.map((tool) => stripped(tool, quirks)) }, quirks);
}

function isTaken(tool: unknown, { toolTypes }: Quirks): boolean {
  if (!toolTypes) return true;
  const type = isObject(tool) ? (tool['type'] ?? 'function') : undefined;
  return toolTypes.some((taken) => taken === type);
}

function asFunction(tool: unknown, { customTools }: Quirks): unknown {
  if (customTools !== 'function' || !isObject(tool) || tool['type'] !== 'custom') return tool;
  const custom = isObject(tool['custom']) ? tool['custom'] : tool;
  const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  return { type: 'function', function: { name: custom['name'], description: custom['description'] ?? '', parameters } };
}

/** The first of several functions with one name stays. */
function unique(tools: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return tools.filter((tool) => {
    const name = isObject(tool) && isObject(tool['function']) ? tool['function']['name'] : undefined;
    if (name === undefined) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function stripped(tool: unknown, { toolStrip, keep = [] }: Quirks): unknown {
  if (!isObject(tool)) return tool;
  const marked = keep.includes('*') || keep.includes('cache_control');
  const plain = marked ? tool : without(tool, ['cache_control']);
  const definition = plain['function'];
  if (!isObject(definition)) return plain;
  const clean = withoutKeywords(marked ? definition : without(definition, ['cache_control']), toolStrip ?? []);
  return clean === definition ? plain : { ...plain, function: clean };
}

/** Where a forced call cannot be asked for, it is asked for in words. */
function nudged(body: JsonObject, { requiredAsNudge }: Quirks): JsonObject {
  if (!requiredAsNudge || body['tool_choice'] !== 'required') return body;
  const nudge = { role: 'user', content: 'Answer by calling one of the tools.' };
  return { ...without(body, ['tool_choice']), messages: [...messagesOf(body), nudge] };
}
