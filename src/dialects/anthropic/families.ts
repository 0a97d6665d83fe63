import type { Host } from '../../core/dialect.ts';

/** How a model is told to think. `budget`: a number of tokens; `adaptive`: it decides, steered by an effort. */
type ThinkingStyle = 'none' | 'budget' | 'adaptive';

/** A value of `thinking.type`. */
type ThinkingType = 'enabled' | 'adaptive' | 'disabled' | 'between_tools';

/** What a family of Claude models takes and refuses. */
export interface ModelFamily {
  /** Most tokens one answer may have; `null` when unknown. */
  readonly maxOutputTokens: number | null;
  readonly thinking: ThinkingStyle;
  /** Values of `thinking.type` that are taken; others are answered with 400. */
  readonly thinkingTypes: readonly ThinkingType[];
  /** It thinks although the request has no `thinking`. */
  readonly thinksByDefault: boolean;
  /** Values of `output_config.effort` that are taken; empty: the member is refused. */
  readonly efforts: readonly string[];
  /** `temperature`, `top_p`, `top_k`: all, either temperature or top_p, or none beyond their defaults. */
  readonly sampling: 'free' | 'either' | 'refused';
  /** The last message may be the start of the answer. */
  readonly prefill: boolean;
  /** `tool_choice` may force a call while the model does not think. */
  readonly forcedTools: boolean;
  /** `output_config.format` and strict tools. */
  readonly jsonSchema: boolean;
  /** `messages` may hold turns of the role `system`. */
  readonly systemTurns: boolean;
}

const LOW_TO_HIGH = ['low', 'medium', 'high'];
const LOW_TO_MAX = [...LOW_TO_HIGH, 'max'];
const ALL_EFFORTS = [...LOW_TO_HIGH, 'xhigh', 'max'];

const CLAUDE_3: ModelFamily = {
  maxOutputTokens: 4096,
  thinking: 'none',
  thinkingTypes: [],
  thinksByDefault: false,
  efforts: [],
  sampling: 'free',
  prefill: true,
  forcedTools: true,
  jsonSchema: false,
  systemTurns: false,
};
const CLAUDE_4: ModelFamily = { ...CLAUDE_3, maxOutputTokens: 64_000, thinking: 'budget', thinkingTypes: ['enabled', 'disabled'] };
const CLAUDE_4_5: ModelFamily = { ...CLAUDE_4, sampling: 'either', jsonSchema: true };
const CLAUDE_4_6: ModelFamily = {
  ...CLAUDE_4_5,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  thinkingTypes: ['adaptive', 'enabled', 'disabled'],
  efforts: LOW_TO_MAX,
  prefill: false,
};
const CLAUDE_4_7: ModelFamily = { ...CLAUDE_4_6, thinkingTypes: ['adaptive', 'disabled'], efforts: ALL_EFFORTS, sampling: 'refused' };
const CLAUDE_5: ModelFamily = { ...CLAUDE_4_7, thinksByDefault: true, systemTurns: true };
const ALWAYS_THINKING: ModelFamily = { ...CLAUDE_5, thinkingTypes: ['adaptive'] };
/** What Claude 5.1 and later refuse; also how a Claude that this table does not know is spoken to. */
const NEWEST: ModelFamily = { ...ALWAYS_THINKING, forcedTools: false };

/** A model that is no Claude, behind a server that speaks Anthropic's dialect. */
const FOREIGN: ModelFamily = { ...CLAUDE_4, maxOutputTokens: null, thinkingTypes: ['enabled', 'adaptive', 'disabled', 'between_tools'] };

/**
 * Families by the start of the model's name; the longest that fits counts.
 *
 * @see https://platform.claude.com/docs/en/about-claude/models/overview (limits of output)
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting (types of thinking by model)
 * @see https://platform.claude.com/docs/en/build-with-claude/effort (levels by model)
 * @see https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5 (forced tools; the same page of each model)
 * Read on 2026-11-26.
 */
const FAMILIES: ReadonlyMap<string, ModelFamily> = new Map([
  ['claude', NEWEST],
  ['claude-instant', CLAUDE_3],
  ['claude-2', CLAUDE_3],
  ['claude-3', CLAUDE_3],
  ['claude-3-5', { ...CLAUDE_3, maxOutputTokens: 8192 }],
  ['claude-3-7', CLAUDE_4],
  ['claude-sonnet-4', CLAUDE_4],
  ['claude-opus-4', { ...CLAUDE_4, maxOutputTokens: 32_000 }],
  ['claude-opus-4-1', { ...CLAUDE_4_5, maxOutputTokens: 32_000 }],
  ['claude-sonnet-4-5', CLAUDE_4_5],
  ['claude-haiku-4-5', CLAUDE_4_5],
  ['claude-opus-4-5', { ...CLAUDE_4_5, efforts: LOW_TO_HIGH }],
  ['claude-sonnet-4-6', CLAUDE_4_6],
  ['claude-opus-4-6', CLAUDE_4_6],
  ['claude-opus-4-7', CLAUDE_4_7],
  ['claude-opus-4-8', { ...CLAUDE_4_7, systemTurns: true }],
  ['claude-mythos-preview', { ...ALWAYS_THINKING, thinkingTypes: ['adaptive', 'enabled'], efforts: LOW_TO_MAX, systemTurns: false }],
  ['claude-sonnet-5', CLAUDE_5],
  ['claude-opus-5', CLAUDE_5],
  ['claude-fable-5', ALWAYS_THINKING],
  ['claude-mythos-5', ALWAYS_THINKING],
  ['claude-fable-5-1', NEWEST],
  ['claude-fable-5-2', NEWEST],
  ['claude-mythos-5-1', NEWEST],
  ['claude-mythos-5-2', NEWEST],
  ['claude-opus-5-5', NEWEST],
  ['claude-sonnet-5-5', { ...NEWEST, thinkingTypes: ['adaptive', 'between_tools'] }],
  ['claude-haiku-5-5', CLAUDE_5],
]);

/**
 * What is known of a model, by its name. Prefixes of hosts (`anthropic.`, `us.anthropic.`) and suffixes (a date, `-latest`,
 * `@20250929`, `-v1:0`) do not matter, nor whether a version has a dot or a dash.
 *
 * @param host who runs it; absent: Anthropic
 */
export function familyOf(model: string, host?: Host): ModelFamily {
  // Vertex has no formats of output and no strict tools.
  return host === 'vertex' ? { ...knownFamily(model), jsonSchema: false } : knownFamily(model);
}

function knownFamily(model: string): ModelFamily {
  const name = model
    .toLowerCase()
    .replace(/^.*(?=claude)/, '')
    .replaceAll(/[.@:]/g, '-');
  if (!name.startsWith('claude')) return FOREIGN;
  for (let end = name.length; end > 0; end = name.lastIndexOf('-', end - 1)) {
    const family = FAMILIES.get(name.slice(0, end));
    if (family) return family;
  }
  return NEWEST;
}

/** Whether output may be steered by an effort only with a beta flag: true of Opus 4.5, where it came first. */
export function effortNeedsBeta(family: ModelFamily): boolean {
  return family.thinking === 'budget' && family.efforts.length > 0;
}
