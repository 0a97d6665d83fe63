import type { Quirks } from '../catalogue/quirks.ts';
import { droppedMembers } from '../drop-paths.ts';
import { unwantedMembers } from './message-members.ts';
import { SCHEMA_WORD } from './response-format.ts';
import { NO_TOKEN_LIMIT } from './token-limits.ts';
import { SIGNATURE_MARK } from './tool-call-ids.ts';
import { unsupportedMembers } from './unsupported.ts';

/** Quirks made ready once for a deployment, with what tells whether a body needs them at all. */
export interface QuirkPlan {
  readonly quirks: Quirks;
  /** `additional_drop_params` of the deployment. */
  readonly dropPaths: readonly string[];
  /** Every body is touched. */
  readonly always: boolean;
  /** Top-level members whose presence is enough. */
  readonly members: ReadonlySet<string>;
  /** Finds what the message and tool quirks look for, in the text of a body. */
  readonly pattern: RegExp;
  /** What to look for only when this top-level member is there. */
  readonly patterns: ReadonlyMap<string, RegExp>;
}

export function planQuirks(quirks: Quirks, dropPaths: readonly string[] = []): QuirkPlan {
  return {
    quirks,
    dropPaths,
    always: quirks.force !== undefined || quirks.defaults !== undefined || quirks.unstreamed !== undefined || quirks.alternate === true,
    members: membersOf(quirks, dropPaths),
    pattern: new RegExp(wordsOf(quirks).join('|')),
    patterns: new Map([
      ['response_format', new RegExp(SCHEMA_WORD)],
      ['reasoning_effort', /"effort"|"disable"/],
      ['encoding_format', /"encoding_format"\s*:\s*null/],
    ]),
  };
}

/**
 * Whether {@link applyQuirks} could change such a body. When not, its bytes may pass as they came.
 *
 * A key written with escapes (`"\u0073trict"`) is not seen: such a body passes, and the provider judges it. Tools given twice
 * and null members are looked for only where the provider is known to refuse them.
 *
 * @param members names of the body's top-level members
 * @param text the body, one character a byte (latin1) or as a string
 */
export function needsRewrite(plan: QuirkPlan, members: ReadonlySet<string>, text: string): boolean {
  if (plan.always) return true;
  for (const member of members) if (plan.members.has(member)) return true;
  if (members.has('max_tokens') && members.has('max_completion_tokens')) return true;
  if (!members.has('tools') && (members.has('tool_choice') || members.has('parallel_tool_calls'))) return true;
  for (const [member, pattern] of plan.patterns) if (members.has(member) && pattern.test(text)) return true;
  return plan.pattern.test(text);
}

function membersOf(quirks: Quirks, dropPaths: readonly string[]): ReadonlySet<string> {
  const names = [
    'extra_body',
    'response_schema',
    ...Object.keys(quirks.rename ?? {}),
    ...Object.keys(quirks.values ?? {}),
    ...Object.keys(quirks.clamp ?? {}),
    ...Object.keys(quirks.maxItems ?? {}),
    ...(quirks.atLeast ?? []).map(({ param }) => param),
    ...unsupportedMembers(quirks),
    ...droppedMembers(dropPaths),
  ];
  if (quirks.thinking !== 'native' || quirks.thinkingTypes) names.push('thinking');
  if (quirks.jsonObject || quirks.jsonSchema) names.push('response_format');
  if (quirks.toolTypes) names.push('tools');
  if (quirks.requiredAsNudge) names.push('tool_choice');
  return new Set(names);
}

function wordsOf(quirks: Quirks): string[] {
  const quoted = [...Object.keys(quirks.roles ?? {}), ...unwantedMembers(quirks), ...(quirks.toolStrip ?? [])];
  if (quirks.customTools) quoted.push('custom');
  if (quirks.dropName) quoted.push('name');
  if (quirks.imageUrlAsText) quoted.push('image_url');
  if (quirks.fileAsDocumentUrl || quirks.videoFiles) quoted.push('file');
  if (quirks.audioAsText) quoted.push('input_audio');
  if (quirks.thinkingParts) quoted.push('thinking_blocks');
  if (quirks.reasoningSummary) quoted.push('thinking_blocks');
  if (quirks.reasoningList) quoted.push('reasoning_content', 'thinking_blocks');
  if (quirks.cacheMarkOnLastPart) quoted.push('cache_control');
  if (quirks.foldSystem) quoted.push('system', 'developer');
  if (quirks.fillReasoning || quirks.skipEmptyAssistant || quirks.prefillPrefix) quoted.push('assistant');
  if (quirks.toolNames || quirks.assistantBetweenToolAndUser) quoted.push('tool');
  if (quirks.toolCallIdLength) quoted.push('tool_calls', 'tool_call_id');
  const words = [SIGNATURE_MARK, NO_TOKEN_LIMIT];
  if (quoted.length > 0) words.push(`"(?:${[...new Set(quoted)].map((word) => word.replace(/\W/g, '\\$&')).join('|')})"`);
  if (quirks.stripNulls) words.push(':\\s*null');
  if (quirks.flatten) words.push('"content"\\s*:\\s*\\[');
  return words;
}
