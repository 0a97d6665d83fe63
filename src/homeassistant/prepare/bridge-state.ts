import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BRIDGE_MODES } from '../../config/settings/home-assistant.ts';
import { BRIDGE_OWNERS, START_ACTIONS } from '../../contract/panel/home-assistant.ts';

export type BridgeOwner = (typeof BRIDGE_OWNERS)[number];

export const REPLACEABLE: ReadonlySet<BridgeOwner> = new Set(['by_hand', 'edited']);

const BridgeChange = z.object({
  kind: z.enum(['installed', 'updated', 'replaced', 'removed']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  at: z.iso.datetime(),
});
export type BridgeChange = z.infer<typeof BridgeChange>;

/**
 * `bridge/state.json` in the data folder: what preparation found and did at the start, for the server, which cannot look itself. The further
 * states of home-assistant 15.1 follow from what Core says.
 */
export const BridgeState = z.object({
  /** `no_access`: `bridge: manual`, or there is no configuration folder. */
  state: z.enum(['absent', 'installed', 'foreign', 'no_access']),
  owner: z.enum(BRIDGE_OWNERS).nullable(),
  /** A request `replace` would put ours in its place. */
  replaceable: z.boolean(),
  mode: z.enum(BRIDGE_MODES),
  installed_version: z.string().nullable(),
  bundled_version: z.string().nullable(),
  /** Removed on request: not installed again until somebody asks. */
  kept_away: z.boolean(),
  last_change: BridgeChange.nullable(),
  /** Why the last change failed; null: it did not. */
  trouble: z.string().nullable(),
  at: z.iso.datetime(),
});
export type BridgeState = z.infer<typeof BridgeState>;

/** `bridge/request.json`: what a person asked for in the panel; done at the next start, then removed. */
export const BridgeRequest = z.object({ action: z.enum(START_ACTIONS) });
export type BridgeAction = z.infer<typeof BridgeRequest>['action'];

/** @returns null when there is none, or none that can be read */
export async function readBridgeState(file: string): Promise<BridgeState | null> {
  try {
    return BridgeState.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
