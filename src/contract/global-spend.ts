import { z } from 'zod';
import { Day } from './activity.ts';

const Dollars = z.number().describe('US dollars, every digit.');
const Limit = z.coerce.number('must be a whole number').int('must be a whole number').min(1, 'must be 1 or more').max(1000, 'must be 1000 or less').default(10).describe('Most entries, at most 1000.'); // prettier-ignore

export const TopQuery = z.object({ limit: Limit });
export const KeyQuery = z.object({ api_key: z.string().optional().describe('Key: its hash, or its text.') });
/** Days in UTC, both in the answer. */
export const DaysQuery = z.object({ start_date: Day, end_date: Day });
export const ExceptionsQuery = DaysQuery.extend({ model_group: z.string().optional().describe('Public name of a model.') });
/** Without days: the last 30. */
export const TagsQuery = z.object({ start_date: Day.optional(), end_date: Day.optional() });
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

const Requests = z.array(z.object({ date: z.string().describe('`Aug 16`'), api_requests: z.int(), total_tokens: z.int() }));
export const GlobalActivity = z.object({ daily_data: Requests, sum_api_requests: z.int(), sum_total_tokens: z.int() });
export const ModelActivity = z.array(GlobalActivity.extend({ model: z.string() }));

const Refusals = z.array(z.object({ date: z.string().describe('`Aug 16`'), num_rate_limit_exceptions: z.int() }));
export const Exceptions = z.object({ daily_data: Refusals, sum_num_rate_limit_exceptions: z.int() });
export const DeploymentExceptions = z.array(Exceptions.extend({ api_base: z.string(), model_id: z.string() }));
