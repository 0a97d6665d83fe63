import { z } from 'zod';
import { ACTION_DATA, ActionAnswer, type AskedAction } from '../contract/bridge/actions.ts';
import { BridgeAbout, type BridgeHello } from '../contract/bridge/commands.ts';
import { BridgeEvent } from '../contract/bridge/events.ts';
import { BridgeSnapshot } from '../contract/bridge/snapshot.ts';
import { readBodyAs } from '../contract/body.ts';
import { readQueryAs } from '../contract/query.ts';
import { TimeZone } from '../contract/time-zone.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import type { Asker } from './actions/asker.ts';
import type { EventQueue } from './bridge/event-queue.ts';
import type { Snapshots } from './snapshot/snapshots.ts';
import type { Tallies } from './snapshot/tallies.ts';

export interface HomeRouteParts {
  readonly hello: () => BridgeHello;
  readonly snapshots: Snapshots;
  readonly tallies: Tallies;
  readonly events: EventQueue;
  readonly act: (asked: AskedAction, asker: Asker, zone: string) => Promise<ActionAnswer>;
  readonly ready: () => void;
}

const SnapshotQuery = z.object({ tz: TimeZone.default('UTC') });
const EventsQuery = z.object({ after: z.string().optional().describe('Id of the last event that is known.') });
/** `/ha/v1/*`: what the integration asks by address where nothing can be pushed to it (home-assistant 16.7). */
export function homeRoutes({ hello, snapshots, tallies, events, act, ready }: HomeRouteParts): Route[] {
  const route = (given: Pick<Route, 'method' | 'paths' | 'summary' | 'shapes' | 'handle'>): Route => ({
    ...given,
    rights: 'home',
    group: 'management_routes',
    surface: 'control',
    handle: (call) => {
      ready();
      return given.handle(call);
    },
  });
  return [
    route({
      method: 'GET',
      paths: ['/ha/v1/hello'],
      summary: 'Tells Home Assistant which gateway this is and which versions of the contract it speaks.',
      shapes: { answer: BridgeAbout },
      handle: (call) => {
        const { started_at: _started, panel_path: _panel, ...about } = hello();
        answerJson(call, about);
      },
    }),
    route({
      method: 'GET',
      paths: ['/ha/v1/snapshot'],
      summary: 'Everything that Home Assistant shows, with days of the given time zone.',
      shapes: { query: SnapshotQuery, answer: BridgeSnapshot },
      handle: async (call) => {
        const { tz } = readQueryAs(SnapshotQuery, call.query);
        answerJson(call, snapshots.make(await tallies.of(tz)));
      },
    }),
    route({
      method: 'GET',
      paths: ['/ha/v1/events'],
      summary: 'What happened since an event, for a day at most.',
      shapes: { query: EventsQuery, answer: z.object({ events: z.array(BridgeEvent) }) },
      handle: (call) => {
        const { after } = readQueryAs(EventsQuery, call.query);
        answerJson(call, { events: events.after(after ?? null) });
      },
    }),
    route({
      method: 'POST',
      paths: ['/ha/v1/actions/:action'],
      summary: 'Carries out an action of the integration: `get_usage`, `set_budget`, `reset_budget`, `block_key`, `unblock_key` ...',
      shapes: { body: z.record(z.string(), z.unknown()), answer: ActionAnswer },
      handle: async (call) => {
        answerJson(call, await act(askedOf(call, plain(await readJsonBody(call))), { userId: null }, zoneOf(call)));
      },
    }),
  ];
}

/** Amounts are rounded views here: they may be ordinary numbers. */
function plain(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body)) as unknown;
}

/** @throws {NotFoundError | BodyValidationError} */
function askedOf({ params }: RouteCall, body: unknown): AskedAction {
  const { action = '' } = params;
  if (!Object.hasOwn(ACTION_DATA, action)) throw new NotFoundError(`There is no action ${action.slice(0, 60)}.`, 'action');
  const known = action as keyof typeof ACTION_DATA;
  return { action: known, data: readBodyAs<unknown>(ACTION_DATA[known], body) } as AskedAction;
}

function zoneOf(call: RouteCall): string {
  return readQueryAs(SnapshotQuery, call.query).tz;
}
