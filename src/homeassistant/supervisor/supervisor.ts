import { z } from 'zod';

/** Where the Supervisor is and who we are there; both are given to an app at its start. */
export interface SupervisorTarget {
  /** `http://supervisor` */
  readonly url: string;
  readonly token: string;
}

/** The Supervisor refused, or did not answer. */
export class SupervisorError extends Error {
  override readonly name = 'SupervisorError';
}

/** What the app is told of itself; what is not named here is not used. */
export const AppInfo = z.object({
  slug: z.string(),
  hostname: z.string(),
  version: z.string(),
  version_latest: z.string().nullish(),
  update_available: z.boolean().catch(false),
  state: z.string(),
  /** Host port of each port of the app; null: not mapped. */
  network: z.record(z.string(), z.int().nullable()).nullish(),
  ingress_panel: z.boolean().nullish(),
  ingress_entry: z.string().nullish(),
  watchdog: z.boolean().nullish(),
  boot: z.string().nullish(),
  ip_address: z.string().nullish(),
});
export type AppInfo = z.infer<typeof AppInfo>;

const Answer = z.object({ result: z.string(), message: z.string().optional(), data: z.unknown().optional() });
const Discovered = z.object({ uuid: z.string() });

const LIMIT_MS = 10_000;
const TRIES = 3;
const PAUSE_MS = 1000;

/** The calls that an app may make without further rights (home-assistant 10). Nothing of the data plane waits for one. */
export class Supervisor {
  readonly #target: SupervisorTarget;

  constructor(target: SupervisorTarget) {
    this.#target = target;
  }

  /** @throws {SupervisorError} */
  async info(): Promise<AppInfo> {
    return AppInfo.parse(await this.#call('GET', '/addons/self/info'));
  }

  /** @param options `ingress_panel`, `watchdog`, `boot`, `auto_update` @throws {SupervisorError} */
  async setOptions(options: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('POST', '/addons/self/options', options);
  }

  /** Ends this process before long. @throws {SupervisorError} */
  async restart(): Promise<void> {
    await this.#call('POST', '/addons/self/restart');
  }

  /** Tells Home Assistant of the gateway; the same again is no news. @returns id of the message @throws {SupervisorError} */
  async discover(service: string, config: Readonly<Record<string, unknown>>): Promise<string> {
    return Discovered.parse(await this.#call('POST', '/discovery', { service, config })).uuid;
  }

  /** @throws {SupervisorError} */
  async undiscover(uuid: string): Promise<void> {
    await this.#call('DELETE', `/discovery/${encodeURIComponent(uuid)}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    let failure = '';
    for (let tried = 0; tried < TRIES; tried++) {
      if (tried > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tried).unref());
      const answer = await this.#once(method, path, body);
      if (answer.done) return answer.data;
      failure = answer.failure;
      if (answer.final) break;
    }
    throw new SupervisorError(`${method} ${path}: ${failure}`);
  }

  async #once(method: string, path: string, body: unknown): Promise<Outcome> {
    const { url, token } = this.#target;
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      const answer = Answer.safeParse(await response.json().catch(() => null));
      if (response.ok && answer.data?.result === 'ok') return { done: true, data: answer.data.data };
      // What was wrong stays wrong; what was away may come.
      return { done: false, failure: answer.data?.message ?? `HTTP ${response.status}`, final: response.status < 500 };
    } catch (error) {
      return { done: false, failure: error instanceof Error ? error.message : 'no answer', final: false };
    }
  }
}

type Outcome =
  | { readonly done: true; readonly data: unknown }
  | { readonly done: false; readonly failure: string; readonly final: boolean };
