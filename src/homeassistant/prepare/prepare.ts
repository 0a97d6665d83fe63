import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppOptions } from '../../config/app-options.ts';
import { ensureConfigFile } from '../../config/sample.ts';
import { gatewayIdentity } from '../gateway-identity.ts';
import { give, makeOwnFolder, type Account } from './account.ts';
import { prepareBridge } from './bridge.ts';
import { copyCertificates } from './certificates.ts';
import { systemDisk, type Disk } from './disk.ts';

/** Folders of the container. */
export interface Places {
  readonly data: string;
  /** The owner's files; there only as an app, elsewhere they are in the data folder. */
  readonly config: string;
  readonly homeAssistant: string;
  readonly ssl: string;
  readonly run: string;
  /** The integration in the image. */
  readonly bridge: string;
}

export interface PrepareParts {
  readonly places: Places;
  readonly options: AppOptions;
  readonly account: Account;
  readonly now: () => Date;
  readonly say: (line: string) => void;
  readonly disk?: Disk;
}

/** Folders below the data folder that are the server's, with their modes. */
const FOLDERS = { secrets: 0o700, postgres: 0o711, journal: 0o700, kept: 0o700, backup: 0o700, bridge: 0o700 } as const;

/** The owner's files that the server must be able to read, whoever saved them last. */
const READ_BY_SERVER = ['litellm_config.yaml', 'secrets.yaml'];

/**
 * Everything that needs root, once before the server starts (home-assistant 6.3): folders, certificates, the bridge.
 *
 * @throws {ConfigError} one line for the owner
 */
export async function prepare({ places, options, account, now, say, disk = systemDisk }: PrepareParts): Promise<void> {
  const { config, data, homeAssistant, run, ssl } = places;
  for (const [name, mode] of Object.entries(FOLDERS)) await makeOwnFolder(join(data, name), mode, account);
  await makeOwnFolder(run, 0o755, account);
  const identity = join(data, 'gateway.json');
  const gatewayId = await gatewayIdentity(identity);
  await give(identity, account);
  await prepareConfig((await exists(config)) ? config : data, account, say);
  await copyCertificates(options, ssl, join(run, 'tls'), account);
  await prepareBridge({
    disk,
    mode: options.bridge ?? 'auto',
    configuration: (await exists(homeAssistant)) ? homeAssistant : null,
    source: (await exists(places.bridge)) ? places.bridge : null,
    folder: join(data, 'bridge'),
    gatewayId,
    now,
    say,
  });
}

async function prepareConfig(folder: string, account: Account, say: (line: string) => void): Promise<void> {
  const file = join(folder, 'litellm_config.yaml');
  if (await ensureConfigFile(file)) say('Made litellm_config.yaml with samples and a model called "demo"');
  for (const name of READ_BY_SERVER) {
    const path = join(folder, name);
    if (await exists(path)) await give(path, account);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
