import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppOptions } from '../../config/app-options.ts';
import { BridgeFolder } from './bridge-folder.ts';
import { BridgeRequest, readBridgeState, REPLACEABLE, type BridgeAction, type BridgeChange, type BridgeState } from './bridge-state.ts';
import type { Disk } from './disk.ts';
import { installedBridge, versionIn, type Installed } from './installed-bridge.ts';
import { isOlder } from './version-order.ts';

export interface BridgeParts {
  readonly disk: Disk;
  readonly mode: NonNullable<AppOptions['bridge']>;
  /** Home Assistant's configuration folder; null: it is not here. */
  readonly configuration: string | null;
  /** The integration as the image brings it; null: the image has none. */
  readonly source: string | null;
  /** `bridge` in the data folder. */
  readonly folder: string;
  readonly gatewayId: string;
  readonly now: () => Date;
  readonly say: (line: string) => void;
}

/**
 * Brings the integration into Home Assistant by the rules of home-assistant 15.2, does what a person asked for, and writes down how it stands.
 * A failure is told and written down; it is no reason not to start.
 */
export async function prepareBridge(parts: BridgeParts): Promise<BridgeState> {
  const { disk, folder, mode, now, say } = parts;
  const before = await readBridgeState(join(folder, 'state.json'));
  const action = await requestIn(join(folder, 'request.json'), say);
  let change: BridgeChange | null = null;
  let trouble: string | null = null;
  try {
    change = await changed(parts, action, before?.kept_away ?? false);
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
    say(`The bridge integration could not be changed: ${trouble}`);
  }
  const place = await standing(parts);
  const state: BridgeState = {
    ...place,
    mode,
    kept_away: place.state === 'absent' && (action === 'remove' || (before?.kept_away ?? false)),
    last_change: change ?? before?.last_change ?? null,
    trouble,
    at: now().toISOString(),
  };
  await disk.write(join(folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
  await disk.remove(join(folder, 'request.json'));
  return state;
}

async function requestIn(file: string, say: (line: string) => void): Promise<BridgeAction | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return BridgeRequest.parse(JSON.parse(text)).action;
  } catch {
    say(`${file} asks for nothing that is known here; it is removed`);
    return null;
  }
}

type Place = Pick<BridgeState, 'state' | 'owner' | 'replaceable' | 'installed_version' | 'bundled_version'>;

async function standing({ configuration, mode, source }: BridgeParts): Promise<Place> {
  const bundled = source && (await versionIn(source));
  const nothing = { owner: null, replaceable: false, installed_version: null, bundled_version: bundled };
  if (mode === 'manual' || configuration === null) return { ...nothing, state: 'no_access' };
  const found = await installedBridge(configuration);
  switch (found.state) {
    case 'absent':
      return { ...nothing, state: 'absent' };
    case 'installed':
      return { ...nothing, state: 'installed', installed_version: found.version };
    case 'foreign':
      return {
        ...nothing,
        state: 'foreign',
        owner: found.owner,
        replaceable: REPLACEABLE.has(found.owner),
        installed_version: found.version,
      };
  }
}

/** Does what is to be done. @returns what was changed */
async function changed(parts: BridgeParts, action: BridgeAction | null, keptAway: boolean): Promise<BridgeChange | null> {
  const { configuration, disk, folder, gatewayId, mode, say, source } = parts;
  if (mode === 'manual' || configuration === null || source === null) return null;
  const version = await versionIn(source);
  if (version === null) throw new Error(`${source} holds no integration`);
  const bridge = new BridgeFolder({ disk, configuration, source, archive: join(folder, 'previous'), gatewayId });
  await bridge.recover();
  const found = await installedBridge(configuration);
  const kind = wanted(found, action, mode === 'auto' && !keptAway && action !== 'remove', version);
  if (kind === null) return null;
  if (kind === 'removed') await bridge.remove();
  else await bridge.install();
  const change = { kind, from: versionOf(found), to: kind === 'removed' ? null : version, at: parts.now().toISOString() };
  say(lineOf(change));
  return change;
}

/** @param alone whether installing and updating needs no request */
function wanted(found: Installed, action: BridgeAction | null, alone: boolean, version: string): BridgeChange['kind'] | null {
  const asked = action === 'install' || action === 'replace';
  switch (found.state) {
    case 'absent':
      return alone || asked ? 'installed' : null;
    case 'installed':
      if (action === 'remove') return 'removed';
      return (alone || asked) && isOlder(found.version, version) ? 'updated' : null;
    case 'foreign':
      if (!REPLACEABLE.has(found.owner)) return null;
      return action === 'replace' ? 'replaced' : action === 'remove' ? 'removed' : null;
  }
}

function versionOf(found: Installed): string | null {
  return found.state === 'absent' ? null : found.version;
}

function lineOf({ kind, from, to }: BridgeChange): string {
  if (kind === 'removed')
    return `Removed the bridge integration ${from ?? ''}; a copy is in the data folder. Restart Home Assistant to unload it`;
  const what = from === null ? `the bridge integration ${to}` : `the bridge integration ${to} over ${from}`;
  return `Installed ${what}. Restart Home Assistant to load it`;
}
