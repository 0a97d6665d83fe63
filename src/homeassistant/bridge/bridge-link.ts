import type { Logger } from 'pino';
import type { ZodError } from 'zod';
import { ActionRequest, type ActionAnswer, type AskedAction } from '../../contract/bridge/actions.ts';
import { HelloResult, PushResult, type BridgeHello } from '../../contract/bridge/commands.ts';
import type { Clock } from '../../core/clock.ts';
import { isObject } from '../../core/json-object.ts';
import type { Asker } from '../actions/asker.ts';
import type { CoreClient } from '../core-client.ts';
import type { Snapshots, Wanted } from '../snapshot/snapshots.ts';
import type { Tallies } from '../snapshot/tallies.ts';
import type { EventQueue } from './event-queue.ts';
import { Pusher } from './pusher.ts';

export interface BridgeLinkParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly core: CoreClient;
  readonly hello: () => BridgeHello;
  readonly snapshots: Snapshots;
  readonly tallies: Tallies;
  readonly events: EventQueue;
  /** Carries out what Home Assistant asks for. Never rejects. */
  readonly act: (asked: AskedAction, asker: Asker, zone: string) => Promise<ActionAnswer>;
}

export type LinkState =
  /** No Home Assistant is named, or it is away. */
  | 'no_core'
  /** Home Assistant runs without the integration. */
  | 'not_loaded'
  /** The integration waits to be set up. */
  | 'not_configured'
  | 'disabled'
  /** No version of the contract is understood on both sides. */
  | 'incompatible'
  | 'connected';

/** What the bridge said of itself. */
export interface BridgeFacts {
  readonly bridgeVersion: string;
  readonly diskVersion: string | null;
}

const AGAIN_MS = 10_000;
const WITHOUT_ZONE = 'UTC';

/** The conversation with the integration in Home Assistant: greeting, pushes, events, and what it asks for. */
export class BridgeLink {
  readonly #parts: BridgeLinkParts;
  #state: LinkState = 'no_core';
  #facts: BridgeFacts | null = null;
  #pusher: Pusher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #end: (() => void) | null = null;
  #sendingEvents = false;
  /** Changes with every greeting: what an old one still does counts no more. */
  #round = 0;
  #onChange: (state: LinkState) => void = () => undefined;

  constructor(parts: BridgeLinkParts) {
    this.#parts = parts;
  }

  get state(): LinkState {
    return this.#state;
  }

  get facts(): BridgeFacts | null {
    return this.#facts;
  }

  /** When Home Assistant last took news, `clock.now()`; null: not since it was connected. */
  get acceptedAt(): number | null {
    const at = this.#pusher?.acceptedAt ?? -Infinity;
    return at === -Infinity ? null : at;
  }

  onChange(listener: (state: LinkState) => void): void {
    this.#onChange = listener;
  }

  start(): void {
    this.#parts.core.onState((state) => {
      if (state === 'online') void this.#greet();
      else this.#drop('no_core');
    });
  }

  /** Says goodbye. @param reason what Home Assistant shows its entities by */
  async stop(reason: 'stopping' | 'restarting' | 'updating'): Promise<void> {
    const { core, hello } = this.#parts;
    const wasConnected = this.#state === 'connected';
    if (wasConnected) await this.#sendEvents();
    this.#drop('no_core');
    if (wasConnected) await core.send({ type: 'llm_gateway/bye', gateway_id: hello().gateway_id, reason }).catch(() => undefined);
  }

  /** @param what see {@link Pusher.changed} */
  changed(what: 'state' | 'numbers'): void {
    this.#pusher?.changed(what);
  }

  /** An event waits. */
  eventAdded(): void {
    if (this.#state === 'connected') void this.#sendEvents();
  }

  async #greet(): Promise<void> {
    const round = this.#newRound();
    const { core, hello, log } = this.#parts;
    try {
      const result = HelloResult.parse(await core.send({ type: 'llm_gateway/hello', ...hello() }));
      if (round !== this.#round) return;
      this.#facts = { bridgeVersion: result.bridge_version, diskVersion: result.disk_version ?? null };
      if (result.status !== 'ready') {
        this.#wait(result.status);
        return;
      }
      await this.#connect(result, round);
    } catch (error) {
      if (round !== this.#round) return;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code !== 'unknown_command' && code !== 'offline') log.debug({ err: error }, 'Home Assistant could not be greeted');
      this.#wait(code === 'unknown_command' ? 'not_loaded' : code === 'offline' ? 'no_core' : 'not_configured');
    }
  }

  async #connect(result: HelloResult, round: number): Promise<void> {
    const { clock, core, hello, log, snapshots, tallies } = this.#parts;
    const { gateway_id: gatewayId } = hello();
    const zone = zoneOf(result.time_zone);
    const tally = await tallies.of(zone);
    const end = await core.subscribe({ type: 'llm_gateway/subscribe', gateway_id: gatewayId }, (told) => {
      void this.#asked(told, zone);
    });
    if (round !== this.#round) {
      end();
      return;
    }
    this.#end = end;
    const wanted = wantedOf(result);
    const pusher = new Pusher({
      clock,
      gatewayId,
      send: async (push) => PushResult.parse(await core.send({ type: 'llm_gateway/push', ...push })),
      make: () => snapshots.make(tally, wanted),
      dayEnd: () => tally.windows.dayEnd,
      intervalMs: (result.want?.interval_s ?? 30) * 1000,
      onLost: () => {
        if (round === this.#round) void this.#greet();
      },
    });
    this.#pusher = pusher;
    this.#become('connected');
    log.info(`Home Assistant shows the gateway’s sensors (integration ${result.bridge_version})`);
    pusher.start();
    await this.#sendEvents();
  }

  #wait(state: LinkState): void {
    this.#become(state);
    this.#timer = setTimeout(() => {
      if (this.#parts.core.state === 'online') void this.#greet();
    }, AGAIN_MS);
    this.#timer.unref();
  }

  #newRound(): number {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pusher?.stop();
    this.#pusher = null;
    this.#end?.();
    this.#end = null;
    return ++this.#round;
  }

  #drop(state: LinkState): void {
    this.#newRound();
    this.#become(state);
  }

  #become(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }

  /** One after another, oldest first; what is not taken waits for the next greeting. */
  async #sendEvents(): Promise<void> {
    if (this.#sendingEvents) return;
    this.#sendingEvents = true;
    const { core, events, hello, log } = this.#parts;
    try {
      for (let [event] = events.waiting(); event; [event] = events.waiting()) {
        await core.send({ type: 'llm_gateway/event', gateway_id: hello().gateway_id, event });
        events.accepted(event.id);
      }
    } catch (error) {
      log.debug({ err: error }, 'An event waits until Home Assistant takes it');
    } finally {
      this.#sendingEvents = false;
    }
  }

  async #asked(told: unknown, zone: string): Promise<void> {
    const { act } = this.#parts;
    const request = ActionRequest.safeParse(told);
    if (!request.success) {
      await this.#refuse(told, request.error);
      return;
    }
    const { request_id: id, user } = request.data;
    const answer = await act(request.data, { userId: user && `ha:${user.id}` }, zone);
    await this.#reply(id, answer);
    this.changed('state');
  }

  async #refuse(told: unknown, error: ZodError): Promise<void> {
    const id = isObject(told) ? told['request_id'] : null;
    if (typeof id !== 'string') return;
    const [issue] = error.issues;
    const message = `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'not understood'}`;
    await this.#reply(id, { ok: false, error: { code: 'invalid', message } });
  }

  async #reply(id: string, answer: ActionAnswer): Promise<void> {
    const { core, hello } = this.#parts;
    const message = { type: 'llm_gateway/reply', gateway_id: hello().gateway_id, request_id: id, ...answer };
    await core.send(message).catch(() => undefined);
  }
}

function wantedOf({ want }: HelloResult): Wanted {
  const { keys = 'all', providers = true, models = false, budgets = true } = want ?? {};
  return { keys, providers, models, budgets };
}

/** Core's time zone, when this system knows it too. */
function zoneOf(name: string | null | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? WITHOUT_ZONE }).resolvedOptions().timeZone;
  } catch {
    return WITHOUT_ZONE;
  }
}
