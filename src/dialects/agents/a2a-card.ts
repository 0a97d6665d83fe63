import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import { objectsIn } from './event-json.ts';

/** Where agents tell what they are, newest first. @see https://a2a-protocol.org/v0.3.0/specification/#5-agent-discovery-the-agent-card (2026-11-26) */
export const CARD_PATHS = ['/.well-known/agent-card.json', '/.well-known/agent.json'] as const;

/** What an agent says of itself. */
export interface AgentCard {
  readonly name: string;
  /** Ways to ask it: the protocol's binding and version, `JSONRPC` and `0.3.0`; empty: it does not say. */
  readonly ways: readonly { readonly binding: string; readonly version: string }[];
  readonly streams: boolean;
}

/** Null: it is no card. */
export function readCard(body: unknown): AgentCard | null {
  if (!isObject(body) || wordOf(body['name']) === '') return null;
  if (!Array.isArray(body['skills']) && body['url'] === undefined && body['supportedInterfaces'] === undefined) return null;
  const { capabilities } = body;
  return { name: wordOf(body['name']), ways: waysIn(body), streams: isObject(capabilities) && capabilities['streaming'] === true };
}

/** The newer version lists them all; the older one names the first by itself. */
function waysIn(card: JsonObject): AgentCard['ways'] {
  const version = wordOf(card['protocolVersion']);
  const listed = objectsIn(card['supportedInterfaces']).map(({ protocolBinding, protocolVersion }) => ({
    binding: wordOf(protocolBinding),
    version: wordOf(protocolVersion),
  }));
  if (listed.length > 0) return listed;
  const others = objectsIn(card['additionalInterfaces']).map(({ transport }) => ({ binding: wordOf(transport), version }));
  return [{ binding: wordOf(card['preferredTransport']) || 'JSONRPC', version }, ...others];
}

/** Servers of both versions give the older form of their card unless they are told otherwise, and newer ones may have no other. */
export function cardHeaders(params: JsonObject): Readonly<Record<string, string>> {
  return isNewer(params) ? { 'a2a-version': '1.0' } : {};
}

function isNewer(params: JsonObject): boolean {
  return printed(params['a2a_version'] ?? null).startsWith('1');
}

/** Why an agent cannot be asked as the row says; null: it can. @param params of the row */
export function whyNotAsked({ name, ways }: AgentCard, params: JsonObject): string | null {
  const spoken = ways.filter(({ binding }) => binding.toUpperCase() === 'JSONRPC');
  if (spoken.length === 0)
    return `${name} is asked over ${ways.map(({ binding }) => binding).join(' and ')}, and here only JSON-RPC is spoken.`;
  const newer = isNewer(params);
  if (spoken.some(({ version }) => version === '' || version.startsWith('1') === newer)) return null;
  return newer
    ? `${name} speaks version ${spoken[0]?.version} of A2A: take a2a_version out.`
    : `${name} speaks version ${spoken[0]?.version} of A2A: set a2a_version to "1.0".`;
}

/** What the owner should know of an agent that can be asked. */
export function notesOf({ name, streams }: AgentCard, params: JsonObject): string[] {
  return streams || params['a2a_streaming'] === false
    ? []
    : [`${name} has no stream: set a2a_streaming to false, so that streams are made of whole answers.`];
}
