import type { FoundModel } from '../../api/local-servers.ts';
import type { ProviderModel } from '../../api/providers.ts';
import type { Suggestion } from '../../components/gw-combobox.ts';
import { pricePerMillion } from '../../format/money.ts';
import { compact } from '../../format/number.ts';
import { locale } from '../../i18n/locale.ts';
import { t } from '../../i18n/texts.ts';
import { abilitiesOf } from './abilities.ts';

/** A model that can be picked: what is known of it, by one name each. */
export interface KnownModel {
  readonly id: string;
  readonly mode: string;
  readonly context: number | null;
  /** US dollars per token; null: not known. */
  readonly input: number | null;
  readonly output: number | null;
  readonly flags: Readonly<Record<string, unknown>>;
}

export function fromCatalogue(model: ProviderModel): KnownModel {
  const { id, mode, max_input_tokens: context, input_cost_per_token: input, output_cost_per_token: output } = model;
  return { id, mode, context, input, output, flags: model };
}

export function fromServer({ id, mode, context_length: context, tools, vision, reasoning }: FoundModel): KnownModel {
  const flags = { supports_function_calling: tools, supports_vision: vision, supports_reasoning: reasoning };
  return { id, mode, context, input: null, output: null, flags };
}

/** Its line in the list of suggestions. */
export function suggestionOf({ id, input, context }: KnownModel): Suggestion {
  const note = input !== null ? t('models.form.price_note', { price: pricePerMillion(input) }) : context !== null ? compact(context) : null;
  return note === null ? { value: id } : { value: id, note };
}

/** Below the field: "200K context, $1.00 in and $5.00 out per 1M tokens. Calls tools, reads images." */
export function hintOf({ mode, context, input, output, flags }: KnownModel): string {
  const size = context === null ? null : t('models.form.hint_context', { context: compact(context) });
  const price =
    input === null && output === null
      ? null
      : t('models.form.hint_price', { input: pricePerMillion(input), output: pricePerMillion(output) });
  const facts = [size, price].filter((text) => text !== null).join(', ');
  const abilities = abilitiesOf({ ...flags, mode }).map(({ label }, index) => (index === 0 ? t(label) : lowered(t(label))));
  const list = new Intl.ListFormat(locale.language, { type: 'unit', style: 'long' }).format(abilities);
  return [facts, list]
    .filter((text) => text !== '')
    .map((text) => `${text}.`)
    .join(' ');
}

/** Within a sentence. */
const lowered = (text: string) => text.charAt(0).toLocaleLowerCase(locale.language) + text.slice(1);

/** A name for apps from the provider's own: what stands after the last slash, without a file's ending. */
export function publicNameOf(model: string): string {
  return (model.split('/').at(-1) ?? model).replace(/\.gguf$/i, '');
}
