import { z } from 'zod';
import { numberOf } from '../core/exact-json.ts';
import { Free, Text } from './body.ts';

/** `POST /spend/calculate`: a request that is to be made, or an answer that came. */
export const CalculateBody = z.object({
  model: Text.nullish().describe('Public name of a model, or a name with its provider such as `openai/gpt-4o`.'),
  messages: z.array(z.unknown(), 'Input should be a valid list').nullish().describe('Messages of a chat request: what reading them costs.'),
  completion_response: Free.nullish().describe('An answer with `usage`; its own `model` counts when none is named beside it.'),
});
export const Calculated = z.object({ cost: z.number().describe('US dollars, every digit.') });

const Whole = (most: number) =>
  z.preprocess((value) => numberOf(value) ?? value, z.int('Input should be a valid integer').nonnegative('Input should be greater than or equal to 0').max(most)); // prettier-ignore
const Tokens = Whole(1_000_000_000).default(0);
const Requests = Whole(1_000_000_000).nullish();

/** `POST /cost/estimate` */
export const EstimateBody = z.object({
  model: Text,
  input_tokens: Tokens,
  output_tokens: Tokens,
  num_requests_per_day: Requests,
  num_requests_per_month: Requests,
});

const Dollars = z.number().describe('US dollars, every digit.');
const Share = Dollars.nullable().describe('Null: no number of requests was named.');

export const Estimated = z.object({
  model: z.string(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  num_requests_per_day: z.int().nullable(),
  num_requests_per_month: z.int().nullable(),
  cost_per_request: Dollars.describe('Input, output and margin together.'),
  input_cost_per_request: Dollars,
  output_cost_per_request: Dollars,
  margin_cost_per_request: Dollars.describe('Margins less discounts.'),
  daily_cost: Share,
  daily_input_cost: Share,
  daily_output_cost: Share,
  daily_margin_cost: Share,
  monthly_cost: Share,
  monthly_input_cost: Share,
  monthly_output_cost: Share,
  monthly_margin_cost: Share,
  input_cost_per_token: Dollars.nullable(),
  output_cost_per_token: Dollars.nullable(),
  provider: z.string().nullable(),
});
