import type { Route } from '../core/route.ts';
import { activityRoutes } from './activity.ts';
import { costQuestionRoutes, type CostQuestionParts } from './cost-questions.ts';
import { globalActivityRoutes } from './global-activity.ts';
import { globalPartyRoutes } from './global-parties.ts';
import { globalSpendRoutes } from './global-spend.ts';
import { globalTagRoutes } from './global-tags.ts';
import { modelUseRoute } from './model-use.ts';
import { panelKeyRoute } from './panel-key.ts';
import { panelSummaryRoute, type PanelSummaryParts } from './panel-summary.ts';
import { spendListRoutes, type SpendListParts } from './spend-lists.ts';
import { spendLogRoutes } from './spend-logs.ts';
import { spendReportRoute } from './spend-report.ts';
import { spendResetRoutes, type SpendResetParts } from './spend-reset.ts';
import { spendRoutes } from './spend.ts';

export interface UsageRouteParts extends CostQuestionParts, SpendListParts, PanelSummaryParts, SpendResetParts {}

/** Everything that is asked about spend and use (control-plane 12.4, 12.5). */
export function usageRoutes(parts: UsageRouteParts): Route[] {
  return [
    ...spendRoutes(parts),
    ...spendLogRoutes(parts),
    ...spendListRoutes(parts),
    ...costQuestionRoutes(parts),
    ...globalSpendRoutes(parts),
    ...globalTagRoutes(parts),
    ...globalPartyRoutes(parts),
    spendReportRoute(parts),
    ...spendResetRoutes(parts),
    ...globalActivityRoutes(parts),
    ...activityRoutes(parts),
    panelSummaryRoute(parts),
    modelUseRoute(parts),
    panelKeyRoute(parts),
  ];
}
