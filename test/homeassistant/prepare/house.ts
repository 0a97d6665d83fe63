import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AppOptions } from '../../../src/config/app-options.ts';
import { BridgeState } from '../../../src/homeassistant/prepare/bridge-state.ts';
import { systemDisk, type Disk } from '../../../src/homeassistant/prepare/disk.ts';
import { filesIn } from '../../../src/homeassistant/prepare/folder-files.ts';
import { prepare, type Places } from '../../../src/homeassistant/prepare/prepare.ts';

export const OURS = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** A disk that exchanges names in one step, whatever `mv` this machine has. */
export const exchanging: Disk = {
  ...systemDisk,
  async exchange(one, other) {
    await rename(one, `${one}.x`);
    await rename(other, one);
    await rename(`${one}.x`, other);
    return true;
  },
};

/** A disk whose file system cannot do that. */
export const plain: Disk = { ...systemDisk, exchange: () => Promise.resolve(false) };

/** Folders as the container has them, below a folder of their own. */
export class House {
  readonly places: Places;
  readonly said: string[] = [];

  private constructor(root: string) {
    const at = (name: string) => join(root, name);
    this.places = {
      data: at('data'),
      config: at('config'),
      homeAssistant: at('homeassistant'),
      ssl: at('ssl'),
      run: at('run'),
      bridge: at('bridge'),
    };
  }

  static async make(): Promise<House> {
    const root = await mkdtemp(join(tmpdir(), 'gateway-house-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const house = new House(root);
    for (const place of ['data', 'config', 'homeAssistant', 'ssl'] as const) await mkdir(house.places[place]);
    await house.bundle('0.1.0');
    return house;
  }

  get target(): string {
    return join(this.places.homeAssistant, 'custom_components/llm_gateway');
  }

  /** The image brings this version of the integration. */
  async bundle(version: string): Promise<void> {
    await rm(this.places.bridge, { recursive: true, force: true });
    await this.#writeBridge(this.places.bridge, version);
  }

  /** Somebody put this version in place by hand. */
  async putByHand(version: string): Promise<void> {
    await this.#writeBridge(this.target, version);
  }

  async #writeBridge(folder: string, version: string): Promise<void> {
    const files = {
      'manifest.json': JSON.stringify({ domain: 'llm_gateway', version }),
      '__init__.py': `VERSION = "${version}"\n`,
      'translations/en.json': `{"version": "${version}"}`,
    };
    for (const [name, text] of Object.entries(files)) await this.write(join(folder, name), text);
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** A person asked for this in the panel. */
  request(action: string): Promise<void> {
    return this.write(join(this.places.data, 'bridge/request.json'), JSON.stringify({ action }));
  }

  /** A start of the app. @returns what it wrote down about the bridge */
  async start(options: Record<string, unknown> = {}, disk: Disk = exchanging): Promise<BridgeState> {
    this.said.length = 0;
    const say = (line: string) => void this.said.push(line);
    await prepare({ places: this.places, options: AppOptions.parse(options), account: OURS, now: () => new Date(), say, disk });
    return this.state();
  }

  async state(): Promise<BridgeState> {
    return BridgeState.parse(JSON.parse(await readFile(join(this.places.data, 'bridge/state.json'), 'utf8')));
  }

  /** Version of a folder of the integration whose files all belong together; null: there is none. @throws for a mixture */
  async versionAt(folder: string): Promise<string | null> {
    const files = await filesIn(folder).catch(() => null);
    if (files === null) return null;
    const texts = await Promise.all(
      ['manifest.json', '__init__.py', 'translations/en.json'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    const versions = new Set(texts.map((text) => /\d+\.\d+\.\d+/.exec(text)?.[0]));
    if (versions.size !== 1) throw new Error(`${folder} is a mixture: ${[...versions].join(', ')}`);
    return [...versions][0] ?? null;
  }
}
