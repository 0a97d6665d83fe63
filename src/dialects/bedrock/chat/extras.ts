import { isObject, type JsonObject } from '../../../core/json-object.ts';

/** Members of a Converse body that a client may write itself. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  'guardrailConfig',
  'performanceConfig',
  'requestMetadata',
  'promptVariables',
  'serviceTier',
  'outputConfig',
  'additionalModelResponseFieldPaths',
]);

/** Betas of Anthropic's that Bedrock knows; it refuses all others. @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html (2026-11-26) */
const BETAS: ReadonlySet<string> = new Set([
  'computer-use-2024-10-22',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'token-efficient-tools-2025-02-19',
  'interleaved-thinking-2025-05-14',
  'output-128k-2025-02-19',
  'dev-full-thinking-2025-05-14',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'effort-2025-11-24',
  'fine-grained-tool-streaming-2025-05-14',
  'tool-search-tool-2025-10-19',
  'tool-examples-2025-10-29',
  'compact-2026-01-12',
]);

export interface Extras {
  /** Members of the body. */
  readonly body: JsonObject;
  readonly inference: JsonObject;
  /** Members for the model itself. */
  readonly model: JsonObject;
  readonly betas: readonly string[];
}

/** A client's own parameters, each at its place: what Converse does not know is for the model. */
export function sortedExtras(extras: Readonly<Record<string, unknown>>): Extras {
  const { inferenceConfig, additionalModelRequestFields: fields, betas, anthropic_beta: flags = betas, ...others } = extras;
  const given = Object.entries(others).filter(([, value]) => value !== undefined && value !== null);
  return {
    body: Object.fromEntries(given.filter(([name]) => TOP_LEVEL.has(name))),
    inference: isObject(inferenceConfig) ? inferenceConfig : {},
    model: { ...Object.fromEntries(given.filter(([name]) => !TOP_LEVEL.has(name))), ...(isObject(fields) ? fields : {}) },
    betas: listOf(flags).filter((flag) => BETAS.has(flag)),
  };
}

function listOf(flags: unknown): string[] {
  const list: unknown[] = Array.isArray(flags) ? flags : typeof flags === 'string' ? flags.split(',') : [];
  return list.flatMap((flag) => (typeof flag === 'string' ? [flag.trim()] : []));
}
