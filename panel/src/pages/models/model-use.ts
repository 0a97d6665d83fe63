import { readModelUse, type Model, type ModelUseRow } from '../../api/models.ts';
import { month } from '../../format/time.ts';
import { locale } from '../../i18n/locale.ts';
import { upstreamName } from './model-names.ts';

/** What each model did this month. */
export interface MonthOfUse {
  /** `November` */
  readonly name: string;
  readonly requests: number;
  readonly spend: number;
  /** Null: no call. */
  readonly of: (model: Model) => ModelUseRow | null;
}

const keyOf = (...names: string[]) => names.join('\n');

export async function readMonthOfUse(signal?: AbortSignal): Promise<MonthOfUse> {
  const { first_day: firstDay, models, requests, spend } = await readModelUse(locale.timeZone, signal);
  const rows = new Map(models.map((row) => [keyOf(row.model_name, row.model, row.provider), row]));
  return {
    name: month(`${firstDay}T12:00:00Z`),
    requests,
    spend,
    of: (model) => rows.get(keyOf(model.model_name, upstreamName(model), model.model_info.litellm_provider)) ?? null,
  };
}
