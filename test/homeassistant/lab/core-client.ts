import { z } from 'zod';

import { CoreRest } from './core-rest.ts';
import { CoreSocket } from './core-socket.ts';
import { webSocketOf } from './people.ts';
import { within } from './within.ts';

/** An entity as it is now. */
const State = z.object({
  entity_id: z.string(),
  state: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  last_changed: z.string(),
  last_updated: z.string(),
});
export type State = z.infer<typeof State>;

const Event = z.object({ event_type: z.string(), data: z.record(z.string(), z.unknown()), origin: z.string(), time_fired: z.string() });
export type CoreEvent = z.infer<typeof Event>;

const Entry = z.looseObject({
  entry_id: z.string(),
  domain: z.string(),
  title: z.string(),
  source: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  disabled_by: z.string().nullable(),
});
export type ConfigEntry = z.infer<typeof Entry>;

const Issue = z.looseObject({
  domain: z.string(),
  issue_id: z.string(),
  severity: z.string(),
  is_fixable: z.boolean(),
  translation_key: z.string().nullable(),
  translation_placeholders: z.record(z.string(), z.string()).nullable(),
});
export type RepairIssue = z.infer<typeof Issue>;

const Device = z.looseObject({
  id: z.string(),
  name: z.string().nullable(),
  name_by_user: z.string().nullable(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  sw_version: z.string().nullable(),
  identifiers: z.array(z.tuple([z.string(), z.string()])),
  config_entries: z.array(z.string()),
});
export type Device = z.infer<typeof Device>;

const EntityEntry = z.looseObject({
  entity_id: z.string(),
  unique_id: z.string(),
  platform: z.string(),
  device_id: z.string().nullable(),
  disabled_by: z.string().nullable(),
  entity_category: z.string().nullable(),
  translation_key: z.string().nullable(),
});
export type EntityEntry = z.infer<typeof EntityEntry>;

const User = z.looseObject({
  id: z.string(),
  name: z.string().nullable(),
  username: z.string().nullable(),
  is_owner: z.boolean(),
  is_active: z.boolean(),
  system_generated: z.boolean(),
  group_ids: z.array(z.string()),
});
export type User = z.infer<typeof User>;

const FlowProgress = z.looseObject({
  flow_id: z.string(),
  handler: z.string(),
  step_id: z.string(),
  context: z.looseObject({ source: z.string() }),
});
export type FlowProgress = z.infer<typeof FlowProgress>;

const StatisticRow = z.looseObject({
  start: z.number(),
  end: z.number(),
  sum: z.number().nullish(),
  mean: z.number().nullish(),
  state: z.number().nullish(),
});
export type StatisticRow = z.infer<typeof StatisticRow>;

/** Where and with what answer an action is called. */
export interface ActionOptions {
  readonly target?: { readonly entity_id?: string | readonly string[]; readonly device_id?: string | readonly string[] };
  /** True: the action's answer is wanted. */
  readonly answer?: boolean;
}

/** What one person, by their token, sees of Core and does with it. */
export class CoreClient {
  readonly socket: CoreSocket;
  readonly rest: CoreRest;

  private constructor(socket: CoreSocket, rest: CoreRest) {
    this.socket = socket;
    this.rest = rest;
  }

  /** @param url `http://127.0.0.1:PORT` */
  static async connect(url: string, token: string): Promise<CoreClient> {
    return new CoreClient(await CoreSocket.connect(webSocketOf(url), token), new CoreRest(url, token));
  }

  close(): void {
    this.socket.close();
  }

  async states(): Promise<State[]> {
    return z.array(State).parse(await this.socket.command('get_states'));
  }

  async state(entityId: string): Promise<State | null> {
    return (await this.states()).find(({ entity_id }) => entity_id === entityId) ?? null;
  }

  /** The entity's state as soon as it is the wanted one; rejects when it is not in time. */
  async stateWhen(entityId: string, wanted: (state: State) => boolean, timeoutMs = 10_000): Promise<State> {
    let seen: State | null = null;
    const found = Promise.withResolvers<State>();
    const look = (state: State | null): void => {
      seen = state;
      if (state && wanted(state)) found.resolve(state);
    };
    const end = await this.#onEvents('state_changed', ({ data }) => {
      if (data['entity_id'] === entityId) look(State.nullable().parse(data['new_state']));
    });
    try {
      look(await this.state(entityId));
      return await within(timeoutMs, found.promise, () => `${entityId} is ${JSON.stringify(seen)}`);
    } finally {
      await end();
    }
  }

  /**
   * Waits for an event; what starts it is done when the subscription stands.
   *
   * @returns the first event of this type that passes the test
   */
  async eventAfter(
    type: string,
    start: () => unknown,
    wanted: (event: CoreEvent) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<CoreEvent> {
    const found = Promise.withResolvers<CoreEvent>();
    const end = await this.#onEvents(type, (event) => {
      if (wanted(event)) found.resolve(event);
    });
    try {
      await start();
      return await within(timeoutMs, found.promise, () => `no event ${type}`);
    } finally {
      await end();
    }
  }

  /** @param action domain and name, such as `light.turn_on`; @returns its answer when one is asked for, else undefined */
  async act(
    action: string,
    data: Readonly<Record<string, unknown>> = {},
    { target, answer = false }: ActionOptions = {},
  ): Promise<unknown> {
    const [domain = '', service = ''] = action.split('.');
    const fields = { domain, service, service_data: data, return_response: answer, ...(target ? { target } : {}) };
    const result = z.object({ response: z.unknown().optional() }).parse(await this.socket.command('call_service', fields));
    return result.response ?? undefined;
  }

  async configuration(): Promise<Record<string, unknown>> {
    return z.record(z.string(), z.unknown()).parse(await this.socket.command('get_config'));
  }

  async users(): Promise<User[]> {
    return z.array(User).parse(await this.socket.command('config/auth/list'));
  }

  async entries(domain: string): Promise<ConfigEntry[]> {
    return z.array(Entry).parse(await this.socket.command('config_entries/get', { domain }));
  }

  /** Configuration flows that wait for a person, such as discovered ones. */
  async flowsInProgress(handler?: string): Promise<FlowProgress[]> {
    const flows = z.array(FlowProgress).parse(await this.socket.command('config_entries/flow/progress'));
    return flows.filter((flow) => handler === undefined || flow.handler === handler);
  }

  async devices(): Promise<Device[]> {
    return z.array(Device).parse(await this.socket.command('config/device_registry/list'));
  }

  async entities(platform?: string): Promise<EntityEntry[]> {
    const all = z.array(EntityEntry).parse(await this.socket.command('config/entity_registry/list'));
    return all.filter((entry) => platform === undefined || entry.platform === platform);
  }

  async issues(domain?: string): Promise<RepairIssue[]> {
    const { issues } = z.object({ issues: z.array(Issue) }).parse(await this.socket.command('repairs/list_issues'));
    return issues.filter((issue) => domain === undefined || issue.domain === domain);
  }

  async statistics(
    ids: readonly string[],
    start: Date,
    period: '5minute' | 'hour' | 'day' = '5minute',
  ): Promise<Record<string, StatisticRow[]>> {
    const fields = { statistic_ids: ids, start_time: start.toISOString(), period };
    return z.record(z.string(), z.array(StatisticRow)).parse(await this.socket.command('recorder/statistics_during_period', fields));
  }

  /** Statistics that Core keeps, with their units. */
  async statisticIds(): Promise<Record<string, unknown>[]> {
    return z.array(z.record(z.string(), z.unknown())).parse(await this.socket.command('recorder/list_statistic_ids'));
  }

  /** What a template says now. */
  async render(template: string): Promise<string> {
    return z.string().parse(await this.rest.request('POST', '/api/template', { template }));
  }

  async #onEvents(type: string, take: (event: CoreEvent) => void): Promise<() => Promise<void>> {
    return this.socket.subscribe('subscribe_events', { event_type: type }, (event) => take(Event.parse(event)));
  }
}
