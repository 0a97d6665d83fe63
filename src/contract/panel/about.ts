import { z } from 'zod';

/** `GET /panel/about`: what this installation is made of and how it stands. */
export const About = z.object({
  version: z.string(),
  litellm_version: z.string().describe('Release of the LiteLLM Proxy whose interface this is.'),
  node: z.string().describe('Version of Node.js.'),
  uptime_seconds: z.int().nonnegative(),
  memory_bytes: z.int().describe('Resident memory of this process; the database is another one.'),
  database: z.object({
    kind: z.enum(['built_in', 'external']),
    state: z.enum(['connected', 'disconnected', 'starting']),
    version: z.string().nullable().describe('Of the PostgreSQL; null while it is away.'),
    size_bytes: z.int().nullable(),
  }),
  calls: z.object({
    kept: z.int().nullable().describe('Rows of calls, about: as the database estimates them.'),
    since: z.iso.datetime().nullable().describe('Start of the oldest one.'),
  }),
  journal: z.object({
    state: z.enum(['ok', 'failing']),
    waiting: z.int().describe('Spend that waits to be written to the database.'),
  }),
  prices: z.object({
    source: z.string(),
    version: z.string().nullable(),
    date: z.iso.date().nullable().describe('Day of the list; null when the list does not say it.'),
    providers: z.int(),
    models: z.int(),
  }),
  licences: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })).describe('Of the packages that are shipped.'),
});
export type About = z.infer<typeof About>;
