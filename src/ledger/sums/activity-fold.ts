import type { ActivityRow } from './activity-queries.ts';
import { addTotals, NO_TOTALS, type Totals } from './totals.ts';

/** What a day is told apart by. */
export const BREAKDOWNS = ['models', 'model_groups', 'providers', 'endpoints', 'entities'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** Sums of one name, and of each key in it. */
export interface FoldedName {
  totals: Totals;
  readonly keys: Map<string, Totals>;
}

/** Sums of a day in all their breakdowns. */
export interface FoldedDay {
  readonly date: string;
  totals: Totals;
  readonly breakdowns: Readonly<Record<Breakdown, Map<string, FoldedName>>>;
  readonly keys: Map<string, Totals>;
}

/** Name of what has no entity. */
const NOBODY = 'Unassigned';

/** Kinds of calls as the paths that clients know. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  acompletion: '/chat/completions',
  atext_completion: '/completions',
  aembedding: '/embeddings',
  aimage_generation: '/images/generations',
  aimage_edit: '/images/edits',
  atranscription: '/audio/transcriptions',
  aspeech: '/audio/speech',
  arerank: '/rerank',
  aresponses: '/responses',
  anthropic_messages: '/v1/messages',
  amoderation: '/moderations',
};

/** The path that clients know for a kind of call; the kind itself when there is none. */
export function endpointOf(callType: string): string {
  return ENDPOINTS[callType] ?? callType;
}

/** Rows come day by day, newest first. */
export function folded(rows: readonly ActivityRow[]): FoldedDay[] {
  const days: FoldedDay[] = [];
  for (const row of rows) {
    let day = days.at(-1);
    if (day?.date !== row.day) {
      day = newDay(row.day);
      days.push(day);
    }
    addTo(day, row);
  }
  return days;
}

function newDay(date: string): FoldedDay {
  const breakdowns = { models: new Map(), model_groups: new Map(), providers: new Map(), endpoints: new Map(), entities: new Map() };
  return { date, totals: NO_TOTALS, breakdowns, keys: new Map() };
}

function addTo(day: FoldedDay, row: ActivityRow): void {
  const names: Record<Breakdown, string> = {
    models: row.model,
    model_groups: row.modelGroup,
    providers: row.provider,
    endpoints: endpointOf(row.callType),
    entities: row.entity === '' ? NOBODY : row.entity,
  };
  day.totals = addTotals(day.totals, row.totals);
  addToKey(day.keys, row);
  for (const breakdown of BREAKDOWNS) {
    const entries = day.breakdowns[breakdown];
    const name = names[breakdown];
    // A call that its limits refused went to no provider and no model of one.
    if (name === '') continue;
    let entry = entries.get(name);
    if (!entry) {
      entry = { totals: NO_TOTALS, keys: new Map() };
      entries.set(name, entry);
    }
    entry.totals = addTotals(entry.totals, row.totals);
    addToKey(entry.keys, row);
  }
}

function addToKey(keys: Map<string, Totals>, { apiKey, totals }: ActivityRow): void {
  keys.set(apiKey, addTotals(keys.get(apiKey) ?? NO_TOTALS, totals));
}
