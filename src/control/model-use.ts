import { answerJson } from '../contract/http-json.ts';
import { ModelUse, ModelUseQuery } from '../contract/panel/model-use.ts';
import { readQueryAs } from '../contract/query.ts';
import { usdJson } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { dayOf, startOf } from '../ledger/sums/local-days.ts';
import { modelSums } from '../ledger/sums/model-sums.ts';
import { sumOf } from '../ledger/sums/totals.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';

/** `/panel/model-use`: the columns of use in the list of models. */
export function modelUseRoute(parts: SpendQuestionParts): Route {
  return {
    method: 'GET',
    paths: ['/panel/model-use'],
    rights: 'info',
    group: 'spend_tracking_routes',
    surface: 'control',
    summary: 'Calls and spend of each model since the month began. Others than administrators see their own.',
    shapes: { query: ModelUseQuery, answer: ModelUse },
    handle: (call) => asked(parts, () => tell(parts, call)),
  };
}

async function tell({ clock, database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const { timezone } = readQueryAs(ModelUseQuery, call.query);
  const firstDay = dayOf(clock.now(), timezone).with({ day: 1 });
  const sums = await boundedly(database, (queries) => modelSums(queries, startOf(firstDay, timezone), scopeOf(call.caller)));
  const all = sumOf(sums.map(({ totals }) => totals));
  answerJson(call, {
    first_day: firstDay.toString(),
    models: sums.map(({ modelGroup, model, provider, totals }) => ({
      model_name: modelGroup,
      model,
      provider,
      requests: totals.requests,
      failed: totals.failed,
      spend: usdJson(totals.spend),
    })),
    requests: all.requests,
    spend: usdJson(all.spend),
  });
}
