import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import { effortNeedsBeta, type ModelFamily } from '../families.ts';

type Rule = readonly [start: string, flag: string];

/** Flags by the start of a tool's type; the first that fits counts. */
const FLAG_OF_TOOL: readonly Rule[] = [
  ['computer_20241022', 'computer-use-2024-10-22'],
  ['bash_20241022', 'computer-use-2024-10-22'],
  ['text_editor_20241022', 'computer-use-2024-10-22'],
  ['computer_20250124', 'computer-use-2025-01-24'],
  ['computer_20251124', 'computer-use-2025-11-24'],
  ['code_execution_20250522', 'code-execution-2025-05-22'],
  ['code_execution_20250825', 'code-execution-2025-08-25'],
  ['web_fetch_20250910', 'web-fetch-2025-09-10'],
  ['web_fetch_2026', 'code-execution-web-tools-2026-02-09'],
  ['web_search_2026', 'code-execution-web-tools-2026-02-09'],
  ['tool_search_tool_', 'advanced-tool-use-2025-11-20'],
  ['memory_20250818', 'context-management-2025-06-27'],
  ['advisor_', 'advisor-tool-2026-03-01'],
  ['mcp_toolset', 'mcp-client-2025-11-20'],
];

/** Flags by member of the body. */
const FLAG_OF_MEMBER: readonly Rule[] = [
  ['context_management', 'context-management-2025-06-27'],
  ['mcp_servers', 'mcp-client-2025-04-04'],
  ['speed', 'fast-mode-2026-02-01'],
  ['fallbacks', 'server-side-fallback-2026-07-01'],
  ['output_format', 'structured-outputs-2025-11-13'],
];

/**
 * Values for `anthropic-beta`: what the features of the body need, and what the client asked for.
 *
 * @see https://platform.claude.com/docs/en/api/beta-headers (names as of 2026-11-26)
 */
export function betaFlags(body: Readonly<JsonObject>, family: ModelFamily, asked: unknown): string[] {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  const flags = new Set([
    ...askedFor(asked),
    ...tools.flatMap(flagsOfTool),
    ...FLAG_OF_MEMBER.flatMap(([name, flag]) => (body[name] === undefined || body[name] === null ? [] : [flag])),
    ...flagsOfOutput(body['output_config'], family),
  ]);
  if (flags.has('mcp-client-2025-11-20')) flags.delete('mcp-client-2025-04-04');
  if (edits(body['context_management']).some(({ type }) => wordOf(type).startsWith('compact_'))) flags.add('compact-2026-01-12');
  if (isObject(body['container']) && body['container']['skills']) flags.add('skills-2025-10-02');
  if (namesFile(body['messages'])) flags.add('files-api-2025-04-14');
  return [...flags];
}

/** A list, or the header's own form. */
function askedFor(asked: unknown): string[] {
  const list = typeof asked === 'string' ? asked.split(',') : Array.isArray(asked) ? asked : [];
  return list
    .filter((flag) => typeof flag === 'string')
    .map((flag) => flag.trim())
    .filter(Boolean);
}

function flagsOfTool(tool: JsonObject): string[] {
  const type = typeof tool['type'] === 'string' ? tool['type'] : '';
  const own = FLAG_OF_TOOL.find(([start]) => type.startsWith(start))?.[1];
  const advanced = tool['input_examples'] || tool['defer_loading'] || tool['allowed_callers'];
  return [...(own === undefined ? [] : [own]), ...(advanced ? ['advanced-tool-use-2025-11-20'] : [])];
}

function flagsOfOutput(config: unknown, family: ModelFamily): string[] {
  if (!isObject(config)) return [];
  return [
    ...(config['format'] ? ['structured-outputs-2025-11-13'] : []),
    ...(config['task_budget'] ? ['task-budgets-2026-03-13'] : []),
    ...(config['effort'] && effortNeedsBeta(family) ? ['effort-2025-11-24'] : []),
  ];
}

function edits(management: unknown): JsonObject[] {
  return isObject(management) && Array.isArray(management['edits']) ? management['edits'].filter(isObject) : [];
}

/** Whether a block, or a block inside a result, has a file of the Files API as its source. */
function namesFile(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.some((entry) => {
    if (!isObject(entry)) return false;
    const { source } = entry as { readonly source?: unknown };
    return (isObject(source) && source['type'] === 'file') || entry['type'] === 'container_upload' || namesFile(entry['content']);
  });
}
