import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { ApiError } from './api-error.ts';
import type { InstalledApp } from './app.ts';
import type { CoreLink } from './core-link.ts';

/** What an app tells Core's integration of the same name. */
export interface DiscoveryMessage {
  readonly addon: string;
  readonly service: string;
  /** 32 hexadecimal digits. */
  readonly uuid: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Messages that Supervisor keeps and brings to Core. */
export class Discovery {
  readonly #messages = new Map<string, DiscoveryMessage>();
  readonly #core: CoreLink;

  constructor(core: CoreLink) {
    this.#core = core;
  }

  all(): DiscoveryMessage[] {
    return [...this.#messages.values()];
  }

  one(uuid: string): DiscoveryMessage {
    const message = this.#messages.get(uuid);
    if (!message) throw new ApiError(404, 'Discovery message not found');
    return message;
  }

  /** The same words again are not sent again; other words keep the message's id. */
  async announce(app: InstalledApp, service: string, config: Readonly<Record<string, unknown>>): Promise<string> {
    if (!app.description.discovery?.includes(service)) throw new ApiError(403, `App ${app.slug} may not announce ${service}`);
    const known = this.all().find((message) => message.addon === app.slug && message.service === service);
    if (known && isDeepStrictEqual(known.config, config)) return known.uuid;
    const message = { addon: app.slug, service, uuid: known?.uuid ?? randomBytes(16).toString('hex'), config };
    this.#messages.set(message.uuid, message);
    await this.#push('POST', message);
    return message.uuid;
  }

  async withdraw(app: InstalledApp, uuid: string): Promise<void> {
    const message = this.one(uuid);
    if (message.addon !== app.slug) throw new ApiError(403, 'Can not remove the message of another app');
    this.#messages.delete(uuid);
    await this.#push('DELETE', message);
  }

  /** A Core that is not there asks for all messages when it starts. */
  async #push(method: 'POST' | 'DELETE', { addon, service, uuid }: DiscoveryMessage): Promise<void> {
    await this.#core.tell(method, `/api/hassio_push/discovery/${uuid}`, { addon, service, uuid }).catch(() => {});
  }
}
