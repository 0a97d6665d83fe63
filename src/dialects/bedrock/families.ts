import { familyOf as claudeOf, type ModelFamily as ClaudeFamily } from '../anthropic/families.ts';

/** Makers whose models want something of their own beside what Converse has in common. */
type Maker = 'claude' | 'nova' | 'gpt-oss' | 'mistral' | 'other';

/** What is known of a model that Bedrock hosts. */
export interface ModelFamily {
  readonly maker: Maker;
  /** What a Claude model takes and refuses; null for others. */
  readonly claude: ClaudeFamily | null;
  /** How it is told to think. `effort`: a word in a member of its own; `nova`: by `reasoningConfig`. */
  readonly thinking: 'none' | 'claude' | 'effort' | 'nova';
  /** It takes a system prompt. */
  readonly system: boolean;
  /** `toolChoice` may be `any` or a tool. */
  readonly forcedTools: boolean;
  /** Results of tools may bear a status. */
  readonly toolStatus: boolean;
  /** Where cache points may stand. */
  readonly cachePoints: 'none' | 'messages' | 'tools too';
  /** `outputConfig.textFormat`. */
  readonly jsonSchema: boolean;
}

const OTHER: ModelFamily = {
  maker: 'other',
  claude: null,
  thinking: 'none',
  system: true,
  forcedTools: false,
  toolStatus: false,
  cachePoints: 'none',
  jsonSchema: false,
};
const NOVA: ModelFamily = { ...OTHER, maker: 'nova', forcedTools: true, toolStatus: true, cachePoints: 'messages' };
const MISTRAL: ModelFamily = { ...OTHER, maker: 'mistral' };

/**
 * Families by a part of the model's id; the first that fits counts.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 * Read on 2026-11-26.
 */
const FAMILIES: readonly (readonly [RegExp, ModelFamily])[] = [
  [/amazon\.nova-2/, { ...NOVA, thinking: 'nova' }],
  [/amazon\.nova/, NOVA],
  [/openai\.gpt-oss/, { ...OTHER, maker: 'gpt-oss', thinking: 'effort' }],
  [/mistral\.(mistral-7b|mixtral-8x7b)/, { ...MISTRAL, system: false }],
  [/mistral\.(mistral|pixtral)-large/, { ...MISTRAL, forcedTools: true }],
  [/mistral\./, MISTRAL],
  [/amazon\.titan-text|cohere\.command-(text|light)/, { ...OTHER, system: false }],
];

/** Claude models that came before caching and before structured output on Bedrock. */
const UNCACHED = /claude-(v2|instant|3-(sonnet|haiku|opus)|3-5-sonnet-20240620)/;
const WITHOUT_SCHEMA = /claude-opus-4-1/;

/**
 * What is known of a model, by its id. Prefixes of regions (`us.`, `eu.`, `global.`) do not matter. An ARN that does not tell
 * its model is spoken to as a model that takes what Claude takes.
 */
export function familyOf(model: string): ModelFamily {
  const id = model.toLowerCase();
  const known = FAMILIES.find(([pattern]) => pattern.test(id))?.[1];
  if (known) return known;
  return id.includes('claude') || /^arn:.*\/[a-z0-9]+$/.test(id) ? claudeFamily(id) : OTHER;
}

function claudeFamily(id: string): ModelFamily {
  const claude = claudeOf(id);
  const isOld = /claude-(v2|instant)/.test(id);
  return {
    maker: 'claude',
    claude,
    thinking: claude.thinking === 'none' ? 'none' : 'claude',
    system: true,
    forcedTools: claude.forcedTools && !isOld,
    toolStatus: !isOld,
    cachePoints: UNCACHED.test(id) ? 'none' : 'tools too',
    jsonSchema: claude.jsonSchema && !WITHOUT_SCHEMA.test(id),
  };
}
