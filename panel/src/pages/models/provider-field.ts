import { html, type TemplateResult } from 'lit';
import type { ProviderField } from '../../api/providers.ts';
import { t } from '../../i18n/texts.ts';
import { helperOf, labelOf } from './provider-texts.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-secret-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';

/**
 * One field as the catalogue describes it, in the reader's language where there are words for it.
 * @param mask of the secret that is stored already; null when there is none
 */
export function providerField(field: ProviderField, value: string, mask: string | null): TemplateResult {
  const { key, placeholder, required, type, default_value: usual } = field;
  const [label, helper] = [labelOf(field), helperOf(field)];
  switch (type) {
    case 'secret':
      return html`<gw-secret-field
        name=${key}
        label=${label}
        helper=${mask ? t('models.form.secret_kept') : helper}
        placeholder=${mask ?? placeholder ?? ''}
        ?required=${required && mask === null}
        autocomplete="new-password"
        .value=${value}
      ></gw-secret-field>`;
    case 'select':
    case 'switch':
      return html`<gw-select
        name=${key}
        label=${label}
        helper=${helper}
        ?required=${required}
        .value=${value}
        .options=${choicesOf(field)}
      ></gw-select>`;
    case 'number':
      return html`<gw-number-field
        name=${key}
        label=${label}
        helper=${helper}
        placeholder=${usual ?? placeholder ?? ''}
        ?required=${required}
        .value=${value}
      ></gw-number-field>`;
    case 'url':
    case 'text':
      return html`<gw-text-field
        name=${key}
        type=${type}
        label=${label}
        helper=${helper}
        placeholder=${usual ?? placeholder ?? ''}
        ?required=${required}
        .value=${value}
      ></gw-text-field>`;
  }
}

/** The choices, and one for "as usual" where the field may stay empty. */
function choicesOf({ type, options, required, default_value: usual }: ProviderField) {
  const words =
    type === 'switch'
      ? [
          { value: 'true', label: t('models.form.on') },
          { value: 'false', label: t('models.form.off') },
        ]
      : (options ?? []).map((option) => ({ value: option, label: option }));
  return required && usual === null ? words : [{ value: '', label: usual ?? t('models.form.usual') }, ...words];
}
