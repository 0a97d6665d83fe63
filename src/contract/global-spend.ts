import { z } from 'zod';
import { Day, Names } from './activity.ts';
import { Text } from './body.ts';
import { From, Until } from './query.ts';

const Dollars = z.number().describe('US dollars, every digit.');
const Limit = z.coerce.number('must be a whole number').int('must be a whole number').min(1, 'must be 1 or more').max(1000, 'must be 1000 or less').default(10).describe('Most entries, at most 1000.'); // prettier-ignore

export const TopQuery = z.object({ limit: Limit });
export const KeyQuery = z.object({ api_key: z.string().optional().describe('Key: its hash, or its text.') });
/** Days in UTC, both in the answer. */
export const DaysQuery = z.object({ start_date: Day, end_date: Day });
export const ExceptionsQuery = DaysQuery.extend({ model_group: z.string().optional().describe('Public name of a model.') });
/** Without days: the last 30. */
export const TagsQuery = z.object({ start_date: Day.optional(), end_date: Day.optional() });
/** Tags, and the days that are required. */
export const NamedTagsQuery = DaysQuery.extend({ tags: Names('Tags, parted by commas; without them all.') });
/** Without times: the last 30 days. */
export const EndUsersBody = z.object({
  api_key: Text.nullish().describe('Key: its hash, or its text.'),
  startTime: From.nullish(),
  endTime: Until.nullish(),
});
export const ReportQuery = DaysQuery.extend({
  group_by: z.enum(['team', 'customer', 'api_key'], 'must be team, customer or api_key').default('team'),
  api_key: z.string().optional().describe('Key: its hash, or its text.'),
  internal_user_id: z.string().optional().describe('Person.'),
  team_id: z.string().optional(),
  customer_id: z.string().optional().describe('End user.'),
});
export const UserQuery = z.object({ user_id: z.string().optional() });

export const SpendByDay = z.array(z.object({ date: z.iso.date(), spend: Dollars, api_key: z.string().optional() }));
export const SpendByKey = z.array(
  z.object({ api_key: z.string(), key_alias: z.string().nullable(), key_name: z.string().nullable(), total_spend: Dollars }),
);
export const SpendByModel = z.array(
  z.object({
    model: z.string(),
    total_spend: Dollars,
    total_tokens: z.int().optional().describe('For others than administrators and viewers.'),
  }),
);
export const SpendByProvider = z.array(z.object({ provider: z.string(), spend: Dollars }));
export const SpendByTag = z.array(z.object({ individual_request_tag: z.string(), log_count: z.int(), total_spend: Dollars }));

export const SpendPerTag = z.object({ spend_per_tag: z.array(z.object({ name: z.string(), spend: Dollars, log_count: z.int() })) });
export const TagNames = z.object({ tag_names: z.array(z.string()) });
export const SpendByTeam = z.object({
  daily_spend: z.array(z.looseObject({ date: z.iso.date() }).describe('Further members are teams with what they spent that day.')),
  teams: z.array(z.string()).describe('The dearest first; `Unassigned` stands for calls without a team.'),
  total_spend_per_team: z.array(z.object({ team_id: z.string(), total_spend: Dollars })),
});
export const SpendByEndUser = z.array(z.object({ end_user: z.string(), total_count: z.int(), total_spend: Dollars }));
export const EndUserNames = z.object({ end_users: z.array(z.string()) });

const ReportLine = z.object({ model: z.string(), spend: Dollars, total_tokens: z.int(), api_key: z.string() });
const ReportDay = z.iso.datetime({ offset: true }).describe('The day in UTC: `2026-08-16T00:00:00+00:00`');
const Use = { total_cost: Dollars, total_input_tokens: z.int(), total_output_tokens: z.int() };
export const SpendReport = z.union([
  z.array(
    z.object({
      group_by_day: ReportDay,
      teams: z.array(z.object({ team_name: z.string(), total_spend: Dollars, metadata: z.array(ReportLine) })),
    }),
  ),
  z.array(
    z.object({
      group_by_day: ReportDay,
      customers: z.array(z.object({ customer: z.string(), total_spend: Dollars, metadata: z.array(ReportLine) })),
    }),
  ),
  z.array(z.object({ api_key: z.string(), ...Use, model_details: z.array(z.object({ model: z.string(), ...Use })) })),
]);

/** What was done to many at once. */
export const SpendNotice = z.object({ message: z.string(), status: z.literal('success') });

const Requests = z.array(z.object({ date: z.string().describe('`Aug 16`'), api_requests: z.int(), total_tokens: z.int() }));
export const GlobalActivity = z.object({ daily_data: Requests, sum_api_requests: z.int(), sum_total_tokens: z.int() });
export const ModelActivity = z.array(GlobalActivity.extend({ model: z.string() }));

const Refusals = z.array(z.object({ date: z.string().describe('`Aug 16`'), num_rate_limit_exceptions: z.int() }));
export const Exceptions = z.object({ daily_data: Refusals, sum_num_rate_limit_exceptions: z.int() });
export const DeploymentExceptions = z.array(Exceptions.extend({ api_base: z.string(), model_id: z.string() }));

export const CacheHits = z.array(
  z.object({
    api_key: z.string(),
    call_type: z.string(),
    model: z.string(),
    total_rows: z.int(),
    cache_hit_true_rows: z.int(),
    cached_completion_tokens: z.int(),
    generated_completion_tokens: z.int(),
  }),
);
