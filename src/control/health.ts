import { answerJson } from '../contract/http-json.ts';
import type { Clock } from '../core/clock.ts';
import { Health, HealthQuery, Liveness, Readiness, ReadinessDetails } from '../contract/health.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';
import { queryOf } from './answer.ts';
import type { HealthChecks } from './health-checks.ts';

/** How the parts that calls depend on are, as `/health/readiness/details` tells it. */
export interface ServerState {
  /** `starting` until keys and balances were loaded once. */
  readonly database: 'connected' | 'disconnected' | 'starting';
  /** Why the database is away; null when it is there. Never holds a password. */
  readonly databaseTrouble: string | null;
  /** Spend that waits to be written to the database. */
  readonly queueDepth: number;
  readonly journal: 'ok' | 'failing';
  readonly stopping: boolean;
  readonly logLevel: string;
}

export interface HealthRouteParts {
  readonly clock: Clock;
  readonly state: () => ServerState;
  readonly checks: HealthChecks;
  readonly litellmVersion: string;
}

/** `/health*` (control-plane 14.1). Liveness looks at nothing but the event loop (ruling S11). */
export function healthRoutes({ clock, state, checks, litellmVersion }: HealthRouteParts): Route[] {
  const startedAt = clock.elapsed();
  const route = (
    paths: readonly string[],
    rights: Route['rights'],
    summary: string,
    shapes: RouteShapes,
    handle: Route['handle'],
  ): Route => ({
    method: 'GET',
    paths,
    rights,
    summary,
    shapes,
    group: rights === 'public' ? 'public_routes' : 'info_routes',
    surface: 'control',
    handle,
  });
  return [
    route(
      ['/health/liveliness', '/health/liveness'],
      'public',
      'Says that the process lives, whatever the database does.',
      { answer: Liveness },
      (call) => {
        answerJson(call, "I'm alive!");
      },
    ),
    route(
      ['/health/readiness'],
      'public',
      'Says whether calls can be served: 200, or 503 while the database is away or the gateway stops.',
      { answer: Readiness },
      (call) => {
        const { status, body } = readiness(state());
        answerJson(call, body, status);
      },
    ),
    route(
      ['/health/readiness/details'],
      'admin',
      'The same with version, uptime, the state of the journal, and spend that waits to be written.',
      { answer: ReadinessDetails },
      (call) => {
        const now = state();
        const { status, body } = readiness(now);
        answerJson(
          call,
          {
            ...body,
            cache: null,
            litellm_version: litellmVersion,
            success_callbacks: [],
            log_level: now.logLevel,
            uptime_seconds: Math.floor((clock.elapsed() - startedAt) / 1000),
            queue_depth: now.queueDepth,
            journal: now.journal,
            database_trouble: now.databaseTrouble,
          },
          status,
        );
      },
    ),
    route(
      ['/health'],
      'info',
      'Tries each deployment that the caller may use with a tiny real call, which is charged; `?model=` or `?model_id=` picks some.',
      { query: HealthQuery, answer: Health },
      (call: RouteCall) => checkModels(call, checks),
    ),
  ];
}

function readiness(state: ServerState): { status: number; body: { status: string; db: string } } {
  if (state.database === 'connected' && !state.stopping) return { status: 200, body: { status: 'healthy', db: 'connected' } };
  return { status: 503, body: { status: 'unhealthy', db: state.database === 'connected' ? 'connected' : 'disconnected' } };
}

async function checkModels(call: RouteCall, checks: HealthChecks): Promise<void> {
  const query = queryOf(call);
  const results = await checks.run(call, { model: query.get('model'), modelId: query.get('model_id') });
  const healthy = results.filter(({ error }) => error === undefined);
  const unhealthy = results.filter(({ error }) => error !== undefined);
  answerJson(call, {
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
  });
}
