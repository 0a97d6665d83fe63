import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { filesIn, sumsOf } from './folder-files.ts';
import { DOMAIN, MARKER, versionIn } from './installed-bridge.ts';

export interface BridgeFolderParts {
  readonly disk: Disk;
  /** Home Assistant's configuration folder. */
  readonly configuration: string;
  /** The integration as the image brings it. */
  readonly source: string;
  /** Where the folder that was replaced last is kept. */
  readonly archive: string;
  readonly gatewayId: string;
}

/**
 * Writes the integration's folder, and nothing else of Home Assistant (HA-CFG-2). However the work is interrupted, the folder is the old or
 * the new one, whole (HA-BRI-3); where the file system cannot exchange two names in one step it may be missing for a moment, and the next
 * start puts the old one back.
 */
export class BridgeFolder {
  readonly #parts: BridgeFolderParts;
  readonly #target: string;
  readonly #draft: string;
  readonly #old: string;

  constructor(parts: BridgeFolderParts) {
    this.#parts = parts;
    const components = join(parts.configuration, 'custom_components');
    this.#target = join(components, DOMAIN);
    this.#draft = join(components, `.${DOMAIN}.new`);
    this.#old = join(components, `.${DOMAIN}.old`);
  }

  /** Makes good what an interrupted start left. */
  async recover(): Promise<void> {
    const { disk } = this.#parts;
    if (!(await exists(this.#target)) && (await exists(this.#old))) await disk.rename(this.#old, this.#target);
    for (const leftover of [this.#draft, this.#old]) if (await exists(leftover)) await disk.remove(leftover);
  }

  /** Puts the image's integration in place; what stood there is kept in the archive. */
  async install(): Promise<void> {
    const { disk, source } = this.#parts;
    await this.recover();
    await disk.makeFolder(dirname(this.#target));
    const replaces = await exists(this.#target);
    if (replaces) await this.#keep();
    await this.#copy(source, this.#draft);
    await disk.write(join(this.#draft, MARKER), await this.#marker());
    if (!replaces) await disk.rename(this.#draft, this.#target);
    else if (!(await disk.exchange(this.#draft, this.#target))) {
      await disk.rename(this.#target, this.#old);
      await disk.rename(this.#draft, this.#target);
    }
    await this.recover();
  }

  /** Takes the integration away; it is kept in the archive. */
  async remove(): Promise<void> {
    const { disk } = this.#parts;
    await this.recover();
    await this.#keep();
    // Under its own name it is never half gone.
    await disk.rename(this.#target, this.#draft);
    await disk.remove(this.#draft);
  }

  async #keep(): Promise<void> {
    const { archive, disk } = this.#parts;
    const draft = `${archive}.new`;
    await disk.remove(draft);
    await this.#copy(this.#target, draft);
    await disk.remove(archive);
    await disk.rename(draft, archive);
  }

  async #copy(from: string, to: string): Promise<void> {
    const { disk } = this.#parts;
    await disk.makeFolder(to);
    for (const file of await filesIn(from)) {
      await disk.makeFolder(dirname(join(to, file)));
      await disk.copy(join(from, file), join(to, file));
    }
  }

  async #marker(): Promise<string> {
    const { gatewayId, source } = this.#parts;
    const files = await sumsOf(source, await filesIn(source));
    return `${JSON.stringify({ gateway_id: gatewayId, version: await versionIn(source), files }, null, 2)}\n`;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
