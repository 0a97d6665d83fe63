import type { Model, ModelInfo } from '../../api/models.ts';
import type { DeploymentState } from '../../api/providers.ts';
import type { Fact } from '../../components/gw-facts.ts';
import { pricePerMillion } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { dateTime, duration } from '../../format/time.ts';
import { hasText, t, type TextKey } from '../../i18n/texts.ts';
import { upstreamName } from './model-names.ts';
import { inputPrice, outputPrice } from './prices.ts';

/** A line, unless there is nothing to say in it. */
function fact(label: TextKey, value: string | null): Fact[] {
  return value === null || value === '' ? [] : [{ label: t(label), value }];
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : null);
const wordOf = (value: unknown) => (typeof value === 'string' ? value : null);
const counted = (value: unknown) => (numberOf(value) === null ? null : count(Number(value)));

/** What the last hour was like. */
export function stateFacts({ calls, errors, median_ms: median, last_call_at: last }: DeploymentState): readonly Fact[] {
  return [
    ...fact('models.state.calls', count(calls)),
    ...fact('models.state.errors', count(errors)),
    ...fact('models.state.median', median === null ? null : duration(median)),
    ...fact('models.state.last_call', last === null ? null : dateTime(last)),
  ];
}

/** Where it is and since when. */
export function aboutFacts(model: Model): readonly Fact[] {
  const { litellm_params: params, model_info: info } = model;
  const mode = `models.modes.${info.mode ?? ''}`;
  const added = wordOf(info['created_at']);
  return [
    ...fact('models.detail.at_provider', upstreamName(model)),
    ...fact('models.detail.mode', hasText(mode) ? t(mode) : info.mode),
    ...fact('models.detail.address', wordOf(params['api_base'])),
    ...fact('models.form.credential', wordOf(params['litellm_credential_name'])),
    ...fact('models.detail.added', added === null ? null : dateTime(added)),
    ...fact('models.detail.added_by', wordOf(info['created_by'])),
  ];
}

/** Per million tokens, unless something else is counted. */
export function priceFacts(info: ModelInfo): readonly Fact[] {
  const optional = (name: string) => (numberOf(info[name]) === null ? null : pricePerMillion(Number(info[name])));
  return [
    ...fact('models.columns.input', inputPrice(info)),
    ...fact('models.detail.cache_read', optional('cache_read_input_token_cost')),
    ...fact('models.detail.cache_write', optional('cache_creation_input_token_cost')),
    ...fact('models.columns.output', outputPrice(info)),
  ];
}

/** Sizes, limits of its own, and how it stands beside others of its name. */
export function limitFacts({ litellm_params: params, model_info: info }: Model): readonly Fact[] {
  const seconds = (value: unknown) => (numberOf(value) === null ? null : duration(Number(value) * 1000));
  return [
    ...fact('models.form.context', counted(info.max_input_tokens) ?? t('models.detail.unknown')),
    ...fact('models.detail.longest_answer', counted(info.max_output_tokens)),
    ...fact('models.form.rpm', counted(info['rpm']) ?? t('models.detail.no_limit')),
    ...fact('models.form.tpm', counted(info['tpm']) ?? t('models.detail.no_limit')),
    ...fact('models.form.order', counted(params['order'])),
    ...fact('models.form.weight', counted(params['weight'])),
    ...fact('models.form.timeout', seconds(params['timeout'])),
    ...fact('models.form.stream_timeout', seconds(params['stream_timeout'])),
  ];
}
