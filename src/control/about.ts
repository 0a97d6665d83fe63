import { answerJson } from '../contract/http-json.ts';
import { About } from '../contract/panel/about.ts';
import type { Clock } from '../core/clock.ts';
import type { Route } from '../core/route.ts';
import { isoOf } from '../identity/key-rows.ts';
import { keptCalls } from '../ledger/spend-queries.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import type { Queries } from '../store/queries.ts';
import { DatabaseError } from '../store/database-error.ts';
import type { ServerState } from './health.ts';

export interface AboutParts {
  readonly clock: Clock;
  readonly database: Queries;
  readonly builtIn: boolean;
  readonly prices: PriceBook;
  readonly state: () => ServerState;
  readonly version: string;
  readonly litellmVersion: string;
  /** Packages that are shipped, read at the first question. */
  readonly packages: () => Promise<readonly About['licences'][number][]>;
}

const PRICE_PACKAGE = '@pydantic/genai-prices';

/** `/panel/about`: what this installation is made of and how it stands. */
export function aboutRoute(parts: AboutParts): Route {
  const startedAt = parts.clock.elapsed();
  return {
    method: 'GET',
    paths: ['/panel/about'],
    rights: 'read',
    group: 'management_routes',
    surface: 'control',
    summary: 'Tells the versions, the database with its size, the price list, the journal, and the licences of what is shipped.',
    shapes: { answer: About },
    handle: async (call) => {
      answerJson(call, await about(parts, startedAt));
    },
  };
}

async function about(parts: AboutParts, startedAt: number): Promise<About> {
  const { builtIn, clock, litellmVersion, prices, version } = parts;
  const now = parts.state();
  const [stored, licences] = await Promise.all([storedFacts(parts.database), parts.packages()]);
  return {
    version,
    litellm_version: litellmVersion,
    node: process.versions.node,
    uptime_seconds: Math.floor((clock.elapsed() - startedAt) / 1000),
    memory_bytes: process.memoryUsage.rss(),
    database: { kind: builtIn ? 'built_in' : 'external', state: now.database, version: stored.version, size_bytes: stored.size },
    calls: { kept: stored.kept, since: isoOf(stored.since) },
    journal: { state: now.journal, waiting: now.queueDepth },
    prices: {
      source: PRICE_PACKAGE,
      version: licences.find(({ name }) => name === PRICE_PACKAGE)?.version ?? null,
      date: prices.date,
      ...prices.counts(),
    },
    licences: [...licences],
  };
}

interface StoredFacts {
  readonly version: string | null;
  readonly size: number | null;
  readonly kept: number | null;
  readonly since: number | null;
}

/** Nulls while the database is away: the rest is told all the same. */
async function storedFacts(database: Queries): Promise<StoredFacts> {
  try {
    const [row] = await database.query<{ version: string; size: number }>(
      `select current_setting('server_version') as version, pg_database_size(current_database()) as size`,
    );
    return { version: row?.version ?? null, size: row?.size ?? null, ...(await keptCalls(database)) };
  } catch (error) {
    if (!(error instanceof DatabaseError && error.transient)) throw error;
    return { version: null, size: null, kept: null, since: null };
  }
}
