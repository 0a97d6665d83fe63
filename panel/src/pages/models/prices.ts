import { price, pricePerMillion } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';

interface Prices {
  readonly mode?: unknown;
  readonly [name: string]: unknown;
}

const amount = (info: Prices, name: string) => (typeof info[name] === 'number' ? info[name] : null);

/** Models whose input is all that is paid for. */
const WITHOUT_OUTPUT: ReadonlySet<unknown> = new Set(['embedding', 'rerank', 'moderation', 'audio_transcription']);

/** What input costs: per million tokens, per hour, per search or per image; "Free", or "No price". */
export function inputPrice(info: Prices): string {
  return otherPrice(info, 'input') ?? pricePerMillion(amount(info, 'input_cost_per_token'));
}

/** What output costs; nothing for models that are paid by their input alone. */
export function outputPrice(info: Prices): string {
  const other = otherPrice(info, 'output');
  if (other !== null) return other;
  const perToken = amount(info, 'output_cost_per_token');
  return WITHOUT_OUTPUT.has(info.mode) && (perToken ?? 0) === 0 ? '' : pricePerMillion(perToken);
}

/** Where no token is counted. */
function otherPrice(info: Prices, side: 'input' | 'output'): string | null {
  if ((amount(info, `${side}_cost_per_token`) ?? 0) > 0) return null;
  const perSecond = amount(info, `${side}_cost_per_second`);
  if (perSecond) return t('models.per_hour', { price: price(perSecond * 3600) });
  const perQuery = amount(info, `${side}_cost_per_query`);
  if (perQuery) return t('models.per_query', { price: price(perQuery) });
  const perImage = amount(info, `${side}_cost_per_image`);
  return perImage ? t('models.per_image', { price: price(perImage) }) : null;
}
