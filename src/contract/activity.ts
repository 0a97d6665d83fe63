import { z } from 'zod';
import { Page, pageSize } from './query.ts';
import { TimeZone } from './time-zone.ts';

/** A day as `YYYY-MM-DD` that the calendar has. */
export const Day = z
  .string('must be given, such as 2026-01-31')
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-01-31')
  .refine((text) => isDay(text), 'must be a day such as 2026-01-31');

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).year > 0;
  } catch {
    return false;
  }
}

/** Names parted by commas. */
export const Names = (what: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ) // prettier-ignore
    .optional()
    .describe(what);

/** `GET /user/daily/activity` and its twins (control-plane 12.5). */
export const ActivityQuery = z.object({
  start_date: Day,
  end_date: Day.describe('The last day, in the answer as a whole.'),
  timezone: TimeZone.default('UTC'),
  model: z.string().optional().describe("Model by its public name or its provider's."),
  custom_llm_provider: z.string().optional().describe('Provider, such as `anthropic`.'),
  api_key: Names('Keys, by hash or text, parted by commas.'),
  user_id: Names('People.'),
  exclude_user_id: Names('Everybody but these people.'),
  user_ids: Names('The same as `user_id`.'),
  exclude_user_ids: Names('The same as `exclude_user_id`.'),
  team_ids: Names('Teams.'),
  exclude_team_ids: Names('All but these teams.'),
  organization_ids: Names('Organizations.'),
  exclude_organization_ids: Names('All but these organizations.'),
  end_user_ids: Names('End users.'),
  exclude_end_user_ids: Names('All but these end users.'),
  tags: Names('Tags.'),
  exclude_tags: Names('All but these tags.'),
  agent_ids: Names('Agents.'),
  exclude_agent_ids: Names('All but these agents.'),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** All days at once, also as a file. */
export const WholeActivityQuery = ActivityQuery.extend({
  format: z
    .enum(['json', 'csv'], 'must be json or csv')
    .default('json')
    .describe('`csv`: the sums as a file, a line for each day, key and model.'),
});

/** The same page by page: a page holds sums of single keys and models of days, so that a day may reach over several pages. */
export const PagedActivityQuery = ActivityQuery.extend({ page: Page, page_size: pageSize(50, 1000) });

const Count = z.int().nonnegative();
const Metrics = z.object({
  spend: z.number().describe('US dollars, every digit.'),
  prompt_tokens: Count,
  completion_tokens: Count,
  cache_read_input_tokens: Count.describe('Part of `prompt_tokens`.'),
  cache_creation_input_tokens: Count.describe('Part of `prompt_tokens`.'),
  total_tokens: Count,
  successful_requests: Count,
  failed_requests: Count,
  api_requests: Count,
});

const KeyEntry = z.object({
  metrics: Metrics,
  metadata: z.object({ key_alias: z.string().nullable(), team_id: z.string().nullable() }),
});
const Keys = z.record(z.string(), KeyEntry).describe('By hash of the key; `other` holds what is summed of the rest.');
const Entries = z.record(z.string(), z.object({ metrics: Metrics, metadata: z.record(z.string(), z.unknown()), api_key_breakdown: Keys }));

export const Activity = z.object({
  results: z
    .array(
      z.object({
        date: z.iso.date(),
        metrics: Metrics,
        breakdown: z.object({
          models: Entries.describe("By the provider's name of the model."),
          model_groups: Entries.describe('By the public name of the model.'),
          providers: Entries,
          endpoints: Entries,
          mcp_servers: Entries,
          entities: Entries.describe('By person, team, organization or end user, as the path says; without any: `Unassigned`.'),
          api_keys: Keys,
        }),
      }),
    )
    .describe('Newest day first; days without a call are not here.'),
  metadata: z.object({
    total_spend: z.number(),
    total_prompt_tokens: Count,
    total_completion_tokens: Count,
    total_cache_read_input_tokens: Count,
    total_cache_creation_input_tokens: Count,
    total_tokens: Count,
    total_api_requests: Count,
    total_successful_requests: Count,
    total_failed_requests: Count,
    page: z.int(),
    total_pages: z.int(),
    has_more: z.boolean(),
    utc_days_until: z.iso.date().nullable().describe('Days up to this one are days in UTC: quarters of an hour are kept for 40 days.'),
    keys_shown: z
      .int()
      .nullable()
      .describe(
        'So many keys and entities are told apart, the dearest; the others are summed as `other`. Null: all are. 0 where there are more than 50,000 sums: fewer days, or one key, tell more.',
      ),
  }),
});
