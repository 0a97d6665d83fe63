import { readBodyAs } from '../contract/body.ts';
import { CalculateBody, Calculated, EstimateBody, Estimated } from '../contract/cost.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError } from '../core/errors.ts';
import { wordOf, type JsonObject } from '../core/json-object.ts';
import { usdJson, usdText } from '../core/money.ts';
import type { Cost } from '../core/price.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { Usage } from '../core/usage.ts';
import { readChatRequest } from '../dialects/openai/chat/request.ts';
import { readUsage } from '../dialects/openai/usage.ts';
import { amountOf, costBreakdown, sumOfTerms } from '../ledger/cost-breakdown.ts';
import { chatJob } from '../ledger/tokens/chat-job.ts';
import type { CountJob } from '../ledger/tokens/counter.ts';
import { priceOfModel, type ModelPriceParts, type PricedModel } from './model-price.ts';

export interface CostQuestionParts extends ModelPriceParts {
  readonly clock: Clock;
  readonly counter: { count(jobs: readonly CountJob[]): Promise<number> };
}

/** `/spend/calculate` and `/cost/estimate` (control-plane 12.4): what something would cost. Nothing is booked. */
export function costQuestionRoutes(parts: CostQuestionParts): Route[] {
  const shared = { method: 'POST', rights: 'info', group: 'spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/spend/calculate'],
      summary: 'What an answer cost by its usage, or what reading the messages of a request would cost.',
      shapes: { body: CalculateBody, answer: Calculated },
      handle: (call) => calculate(parts, call),
    },
    {
      ...shared,
      paths: ['/cost/estimate'],
      summary: 'What requests of so many tokens cost each, a day and a month.',
      shapes: { body: EstimateBody, answer: Estimated },
      handle: (call) => estimate(parts, call),
    },
  ];
}

async function calculate(parts: CostQuestionParts, call: RouteCall): Promise<void> {
  const { model, messages, completion_response: answer } = readBodyAs(CalculateBody, await readJsonBody(call));
  if (!answer && !model) throw new BadRequestError('Name model and messages, or completion_response.', 'model');
  const name = model ?? wordOf(answer?.['model']);
  if (name === '') throw new BadRequestError('The answer does not say which model it is of: name it.', 'model');
  const priced = priceOfModel(parts, name, call.caller);
  const usage = answer ? usageIn(answer) : await usageOf(parts, priced, name, messages ?? null);
  answerJson(call, { cost: usdJson(priced.price.costOf(usage, parts.clock.now()).total) });
}

function usageIn(answer: JsonObject): Usage {
  const usage = readUsage(answer['usage'], answer['service_tier']);
  if (!usage) throw new BadRequestError('The answer has no usage that can be priced.', 'completion_response.usage');
  return usage;
}

/** What a provider would read. */
async function usageOf({ counter }: CostQuestionParts, { model }: PricedModel, name: string, messages: unknown): Promise<Usage> {
  if (messages === null) throw new BadRequestError('Beside model there must be messages.', 'messages');
  return { inputTokens: await counter.count([chatJob(readChatRequest({ messages }, name), model)]), outputTokens: 0 };
}

async function estimate(parts: CostQuestionParts, call: RouteCall): Promise<void> {
  const body = readBodyAs(EstimateBody, await readJsonBody(call));
  const { price, provider } = priceOfModel(parts, body.model, call.caller);
  const now = parts.clock.now();
  const cost = price.costOf({ inputTokens: body.input_tokens, outputTokens: body.output_tokens }, now);
  const one = price.costOf({ inputTokens: 1, outputTokens: 1 }, now);
  const [daily, monthly] = [body.num_requests_per_day ?? null, body.num_requests_per_month ?? null];
  const shares = sharesOf(cost);
  answerJson(call, {
    model: body.model,
    input_tokens: body.input_tokens,
    output_tokens: body.output_tokens,
    num_requests_per_day: daily,
    num_requests_per_month: monthly,
    cost_per_request: JSON.rawJSON(shares.cost),
    input_cost_per_request: JSON.rawJSON(shares.input_cost),
    output_cost_per_request: JSON.rawJSON(shares.output_cost),
    margin_cost_per_request: JSON.rawJSON(shares.margin_cost),
    ...timesObject('daily', shares, daily),
    ...timesObject('monthly', shares, monthly),
    input_cost_per_token: unitPrice(one, 'input'),
    output_cost_per_token: unitPrice(one, 'output'),
    provider: provider ?? cost.origin?.rule.split('/')[0] ?? null,
  });
}

/** Decimal texts of a request's cost. */
interface Shares {
  readonly cost: string;
  readonly input_cost: string;
  readonly output_cost: string;
  readonly margin_cost: string;
}

function sharesOf(cost: Cost): Shares {
  const { input_cost, output_cost } = costBreakdown(cost);
  const margins = cost.terms.filter(({ kind }) => kind === 'discount' || kind.startsWith('margin'));
  return { cost: usdText(cost.total), input_cost, output_cost, margin_cost: sumOfTerms(margins) };
}

function timesObject(span: 'daily' | 'monthly', shares: Shares, requests: number | null): JsonObject {
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [
      `${span}_${name}`,
      requests === null ? null : JSON.rawJSON(amountOf({ kind: name, quantity: String(requests), unitPrice: String(share) })),
    ]),
  );
}

function unitPrice({ terms }: Cost, kind: 'input' | 'output'): unknown {
  const term = terms.find((one) => one.kind === kind);
  return term ? JSON.rawJSON(term.unitPrice) : null;
}
