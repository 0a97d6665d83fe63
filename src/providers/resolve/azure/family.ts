import type { JsonObject } from '../../../core/json-object.ts';
import { textOf } from '../environment.ts';

/** Words before a deployment's name that tell whose rules hold, as LiteLLM writes them. */
const SERIES: Readonly<Record<string, string>> = { o_series: 'o3', gpt5_series: 'gpt-5' };

/** The deployment's name without the word of its series. */
export function deploymentOf(name: string): string {
  return name.replace(/^(?:o_series|gpt5_series)\/(?=.)/, '');
}

/**
 * The name whose rules hold for a deployment: of `base_model`, else its own where a series stands before it or where it is
 * called as its model is.
 *
 * @param name the deployment, maybe with its series: `o_series/my-reasoner`
 * @param info `model_info` of the row
 */
export function familyOf(name: string, params: JsonObject, info: JsonObject | undefined): string {
  const base = textOf(info?.['base_model']) ?? textOf(params['base_model']);
  if (base !== null) return base.slice(base.lastIndexOf('/') + 1);
  const series = /^(\w+)\//.exec(name)?.[1];
  const plain = deploymentOf(name);
  const known = series === undefined ? undefined : SERIES[series];
  return known === undefined || /^(?:o\d|gpt-\d)/.test(plain) ? plain : known;
}
