import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { NamedCredential } from '../../api/credentials.ts';
import type { ProviderField } from '../../api/providers.ts';
import { markError, type GwField, type ValueChanged } from '../../components/field.ts';
import type { GwExpander } from '../../components/gw-expander.ts';
import type { Suggestion } from '../../components/gw-combobox.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { CREDENTIAL, EXTRA, usedFields, type DraftKind, type Values } from './draft.ts';
import { LIMIT_FIELDS, MODES, PRICE_FIELDS, ROUTING_FIELDS, type MoreField } from './more-fields.ts';
import { providerField } from './provider-field.ts';
import '../../components/gw-combobox.ts';
import '../../components/gw-expander.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';
import './github-log-in.ts';

/** Fields of a model at a provider. Fires `gw-values` with the field that changed, and `gw-submit` on Enter. */
@customElement('gw-model-form')
export class GwModelForm extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    layout,
    css`
      form > gw-expander {
        margin-block-start: var(--ha-space-2);
      }
      h3 {
        margin-block: var(--ha-space-3) var(--ha-space-1);
        font-size: var(--ha-font-size-m);
        font-weight: var(--ha-font-weight-medium);
        line-height: 20px;
        color: var(--secondary-text-color);
      }
      h3:first-child {
        margin-block-start: 0;
      }
    `,
  ];

  @property({ attribute: false }) kind!: DraftKind;
  @property({ attribute: false }) values: Values = {};
  /** Secrets that are stored already. */
  @property({ attribute: false }) masks: Values = {};
  @property({ attribute: false }) credentials: readonly NamedCredential[] = [];
  @property({ attribute: false }) suggestions: readonly Suggestion[] = [];
  /** What is known of the model that is named now. */
  @property() hint = '';

  override render() {
    const fields = usedFields(this.kind.form, this.values);
    return html`<form @submit=${this.#onSubmit} @value-changed=${this.#onChanged}>
      ${this.#logIn()} ${this.#credential()} ${fields.filter(({ advanced }) => !advanced).map((field) => this.#field(field))}
      <gw-combobox
        name="model"
        required
        label=${t('models.form.model', { provider: this.kind.form.provider_display_name })}
        helper=${this.hint || t('models.form.model_help')}
        placeholder=${this.kind.form.default_model_placeholder.slice(this.kind.form.litellm_provider.length + 1)}
        .value=${this.values['model'] ?? ''}
        .suggestions=${this.suggestions}
      ></gw-combobox>
      <gw-text-field
        name="model_name"
        required
        label=${t('models.form.name')}
        helper=${t('models.form.name_help')}
        .value=${this.values['model_name'] ?? ''}
      ></gw-text-field>
      ${this.#more(fields.filter(({ advanced }) => advanced))}
    </form>`;
  }

  /** Marks a field, wherever it is folded away. @returns whether there is such a field */
  mark(field: string | null, message: string): boolean {
    const marked = markError(this.renderRoot, field, message);
    const blamed = field === null ? null : this.renderRoot.querySelector<GwField>(`[name="${CSS.escape(field)}"]`);
    const fold = blamed?.closest<GwExpander>('gw-expander');
    if (blamed && fold && !fold.open) {
      fold.open = true;
      void fold.updateComplete.then(() => blamed.focus());
    }
    return marked;
  }

  /** Accounts that are signed in to in a browser become stored credentials. */
  #logIn() {
    return this.kind.form.provider === 'github_copilot' ? html`<gw-github-log-in></gw-github-log-in>` : nothing;
  }

  #credential() {
    const fitting = this.credentials.filter(({ credential_info: info }) => {
      const provider = info['custom_llm_provider'];
      return typeof provider !== 'string' || provider === '' || provider === this.kind.form.provider;
    });
    if (fitting.length === 0 && !this.values[CREDENTIAL]) return nothing;
    const names = new Set([...fitting.map(({ credential_name: name }) => name), this.values[CREDENTIAL] ?? '']);
    names.delete('');
    return html`<gw-select
      name=${CREDENTIAL}
      label=${t('models.form.credential')}
      helper=${t('models.form.credential_help')}
      .value=${this.values[CREDENTIAL] ?? ''}
      .options=${[{ value: '', label: t('models.form.credential_none') }, ...[...names].map((name) => ({ value: name, label: name }))]}
    ></gw-select>`;
  }

  #more(advanced: readonly ProviderField[]) {
    return html`<gw-expander heading=${t('models.form.more')} note=${t('models.form.more_note')}>
      ${
        advanced.length === 0
          ? nothing
          : html`<h3>${this.kind.form.provider_display_name}</h3>
              ${advanced.map((field) => this.#field(field))}`
      }
      ${this.#group(t('models.form.prices'), PRICE_FIELDS)} ${this.#group(t('models.form.limits'), LIMIT_FIELDS)}
      ${this.#group(t('models.form.routing'), ROUTING_FIELDS)}
      <h3>${t('models.form.other')}</h3>
      <gw-select
        name="mode"
        label=${t('models.form.mode')}
        .value=${this.values['mode'] ?? ''}
        .options=${[{ value: '', label: t('models.form.mode_known') }, ...MODES.map((value) => ({ value, label: t(`models.modes.${value}`) }))]}
      ></gw-select>
      <gw-text-field
        name=${EXTRA}
        lines="3"
        label=${t('models.form.extra')}
        helper=${t('models.form.extra_help')}
        .value=${this.values[EXTRA] ?? ''}
      ></gw-text-field>
    </gw-expander>`;
  }

  #group(title: string, fields: readonly MoreField[]): TemplateResult {
    return html`<h3>${title}</h3>
      <div class="field-grid">
        ${fields.map(
          ({ key, kind, label, helper, unit }) =>
            html`<gw-number-field
              name=${key}
              ?whole=${kind === 'whole'}
              label=${t(label)}
              helper=${helper ? t(helper) : ''}
              unit=${unit ? t(unit) : ''}
              .value=${this.values[key] ?? ''}
            ></gw-number-field>`,
        )}
      </div>`;
  }

  #field(field: ProviderField) {
    return providerField(field, this.values[field.key] ?? '', this.masks[field.key] ?? null);
  }

  #onChanged(event: ValueChanged): void {
    const field = event.target as GwField;
    field.error = '';
    event.stopPropagation();
    const detail = { name: field.name, value: event.detail.value };
    this.dispatchEvent(new CustomEvent<{ name: string; value: string }>('gw-values', { detail }));
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('gw-submit'));
  }
}
