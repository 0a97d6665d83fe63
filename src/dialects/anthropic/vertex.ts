import type { JsonObject } from '../../core/json-object.ts';

/**
 * What is peculiar to Claude at Vertex AI: the address names the model, the body names the version, and flags of betas stand in
 * the body too.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai (2026-11-26)
 */

const VERSION = 'vertex-2023-10-16';

/** Flags that Vertex knows → its own word for them. It refuses a request with any other. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['advanced-tool-use-2025-11-20', 'tool-search-tool-2025-10-19'],
  ...[
    'compact-2026-01-12',
    'compact-2026-09-04',
    'computer-use-2025-01-24',
    'computer-use-2025-11-24',
    'context-1m-2025-08-07',
    'context-management-2025-06-27',
    'interleaved-thinking-2025-05-14',
    'per-turn-control-2026-07-01',
    'thinking-display-updates-2026-08-18',
    'tool-search-tool-2025-10-19',
    'web-search-2025-03-05',
  ].map((flag): [string, string] => [flag, flag]),
]);

/** A request, or the parts of one that differ between hosts. */
export interface HostedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A request for Anthropic's own API, as Vertex takes it. */
export function atVertex({ headers, body }: HostedRequest): HostedRequest {
  const { model: _, ...rest } = body;
  const { members, headers: own } = vertexMembers(headers);
  return { headers: own, body: { ...members, ...rest } };
}

/** What the headers of a request say, as members of the body, and the headers that stay. @param headers lower-case names */
export function vertexMembers(headers: Readonly<Record<string, string>>): {
  members: JsonObject;
  headers: Readonly<Record<string, string>>;
} {
  const { 'anthropic-version': _, 'anthropic-beta': asked = '', ...rest } = headers;
  const flags = [...new Set(asked.split(',').flatMap((flag) => FLAGS.get(flag.trim()) ?? []))];
  if (flags.length === 0) return { members: { anthropic_version: VERSION }, headers: rest };
  return { members: { anthropic_version: VERSION, anthropic_beta: flags }, headers: { ...rest, 'anthropic-beta': flags.join(',') } };
}
