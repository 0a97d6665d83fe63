import { join } from 'node:path';
import type { Logger } from 'pino';
import type { BridgeHello } from '../contract/bridge/commands.ts';
import { SCHEMA_MAX, SCHEMA_MIN } from '../contract/bridge/commands.ts';
import type { Clock } from '../core/clock.ts';
import type { SpendRecord } from '../core/spend-record.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import { isManaged } from '../identity/managed-key.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { People } from '../identity/people.ts';
import type { Limits } from '../limits/limits.ts';
import type { ProviderChange } from '../router/provider-states.ts';
import type { Actions } from './actions/actions.ts';
import { BridgeLink } from './bridge/bridge-link.ts';
import { BridgeNotice } from './bridge-notice.ts';
import { EventQueue } from './bridge/event-queue.ts';
import type { CoreClient } from './core-client.ts';
import { Delivery } from './delivery.ts';
import type { Discovery } from './discovery.ts';
import { HomeCard } from './home-card.ts';
import type { HomeAssistantKey } from './home-assistant-key.ts';
import type { HomeRouteParts } from './home-routes.ts';
import type { Snapshots } from './snapshot/snapshots.ts';
import type { Tallies } from './snapshot/tallies.ts';
import { Standing } from './standing.ts';
import type { Supervisor } from './supervisor/supervisor.ts';
import { BudgetWatch } from './watch/budget-watch.ts';
import { FallbackWatch } from './watch/fallback-watch.ts';
import { KeyWatch } from './watch/key-watch.ts';
import { ProviderWatch } from './watch/provider-watch.ts';

export interface HomeParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly gatewayId: string;
  readonly name: string;
  readonly version: string;
  readonly startedAt: number;
  readonly core: CoreClient;
  readonly ring: KeyRing;
  readonly people: People;
  readonly limits: Limits;
  readonly snapshots: Snapshots;
  readonly tallies: Tallies;
  readonly actions: Actions;
  readonly providerName: (id: string) => string;
  /** Null: no Home Assistant was named. */
  readonly key: HomeAssistantKey | null;
  /** Null: this is no app. */
  readonly app: { readonly supervisor: Supervisor; readonly discovery: Discovery } | null;
  /** `bridge` in the data folder. */
  readonly bridgeFolder: string;
  /** The public listener speaks TLS. */
  readonly ssl: boolean;
  /** Throws until keys and balances are loaded. */
  readonly ready: () => void;
}

const SWEEP_MS = 15_000;

/** Everything that Home Assistant is told and asks for; the rest of the house tells this what happens. */
export class Home {
  readonly link: BridgeLink;
  readonly routeParts: HomeRouteParts;
  readonly card: HomeCard;
  readonly #parts: HomeParts;
  readonly #events: EventQueue;
  readonly #budgets: BudgetWatch;
  readonly #keys: KeyWatch;
  readonly #providers: ProviderWatch;
  readonly #fallbacks: FallbackWatch;
  readonly #notice: BridgeNotice;
  #started = false;
  /** The waiting version that was told of. */
  #told: string | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: HomeParts) {
    this.#parts = parts;
    const { actions, clock, core, limits, log, people, ring, snapshots, tallies } = parts;
    const events = new EventQueue(clock, () => {
      this.link.eventAdded();
    });
    this.#events = events;
    this.#budgets = new BudgetWatch({ limits, ring, people, events });
    this.#keys = new KeyWatch(clock, ring, events);
    this.#providers = new ProviderWatch(events, parts.providerName);
    this.#fallbacks = new FallbackWatch(clock, events);
    const act = actions.run.bind(actions);
    this.link = new BridgeLink({ clock, log, core, hello: this.#hello, snapshots, tallies, events, act });
    const link = () => this.link;
    const delivery = new Delivery(parts.bridgeFolder);
    const standing = new Standing({ core, link, delivery });
    this.card = new HomeCard({ core, ring, link, delivery, standing, app: parts.app, ssl: parts.ssl, announce: () => this.announce() });
    this.#notice = new BridgeNotice({
      core,
      delivery,
      log,
      standing,
      panelPath: () => this.supervised?.panelPath ?? null,
      file: join(parts.bridgeFolder, 'told.json'),
    });
    this.link.onChange(() => void this.#notice.look());
    this.supervised?.onInfo(() => {
      this.#appLooked();
    });
    this.routeParts = { hello: this.#hello, snapshots, tallies, events, act, ready: parts.ready };
  }

  get core(): CoreClient {
    return this.#parts.core;
  }

  /** What an app knows of itself by its Supervisor; null: this is no app. */
  get supervised(): Discovery | null {
    return this.#parts.app?.discovery ?? null;
  }

  /** Books are open: who calls and what was spent is known. */
  async start(): Promise<void> {
    const { core, log, version } = this.#parts;
    this.#started = true;
    this.#keys.start();
    this.#events.add('gateway_started', this.#gateway(), { version });
    this.#timer = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS);
    this.#timer.unref();
    this.link.start();
    core.start();
    await this.announce().catch((error: unknown) => {
      log.warn({ err: error }, 'Home Assistant could not be told of the gateway');
    });
  }

  /** @param reason what Home Assistant shows its entities by meanwhile */
  async stop(reason: 'stopping' | 'restarting' | 'updating'): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#providers.stop();
    if (this.#started) this.#events.add('gateway_stopping', this.#gateway(), { version: this.#parts.version });
    await this.link.stop(reason);
    this.supervised?.stop();
    this.#parts.core.stop();
  }

  /** A call was booked. */
  booked(record: SpendRecord): void {
    if (!this.#started) return;
    this.#parts.tallies.add(record);
    this.#fallbacks.booked(record);
    this.link.changed(this.#budgets.booked(record) ? 'state' : 'numbers');
  }

  /** @param key null: it is gone */
  keyChanged(key: VirtualKey | null): void {
    if (!this.#started) return;
    this.#keys.changed(key);
    this.link.changed('state');
  }

  /** A key was given this text: the one of Home Assistant is told it. */
  keyTextChanged(key: VirtualKey, text: string): void {
    if (!this.#started || !this.#parts.key || !isManaged(key.fields)) return;
    this.#parts.key
      .keep(text)
      .then(() => this.announce())
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'Home Assistant could not be told its new key');
      });
  }

  providerChanged(change: ProviderChange): void {
    this.#providers.changed(change);
    this.link.changed('state');
  }

  /** Models, settings, people or the database are not as they were. */
  stateChanged(): void {
    this.link.changed('state');
  }

  /** @param message what is wrong with the configuration, without secrets */
  configProblem(area: string, message: string): void {
    this.#events.add('config_error', this.#gateway(), { area, message: message.slice(0, 500) });
    this.link.changed('state');
  }

  readonly #hello = (): BridgeHello => ({
    gateway_id: this.#parts.gatewayId,
    name: this.#parts.name,
    app_version: this.#parts.version,
    schema_min: SCHEMA_MIN,
    schema_max: SCHEMA_MAX,
    started_at: new Date(this.#parts.startedAt).toISOString(),
    panel_path: this.supervised?.panelPath ?? null,
  });

  #gateway() {
    return { kind: 'gateway' as const, id: this.#parts.gatewayId, name: this.#parts.name };
  }

  /** Tells Home Assistant where the gateway is and which key it has. */
  async announce(): Promise<void> {
    const { key } = this.#parts;
    if (!key) return;
    const token = await key.text();
    await this.supervised?.announce(token);
  }

  /** The Supervisor has answered: where the panel stands is known, and whether a newer app waits. */
  #appLooked(): void {
    void this.#notice.look();
    const version = this.supervised?.newVersion ?? null;
    if (version === null || version === this.#told) return;
    this.#told = version;
    this.#events.add('update_available', this.#gateway(), { version });
    this.link.changed('state');
  }

  #sweep(): void {
    const turned = this.#budgets.sweep();
    this.#keys.sweep();
    this.#fallbacks.sweep();
    if (turned) this.link.changed('state');
  }
}
