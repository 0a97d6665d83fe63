import { mdiArrowDown, mdiArrowUp, mdiClose } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { ApiError } from '../../api/client.ts';
import { findModels } from '../../api/model-names.ts';
import type { ValueChanged } from '../../components/field.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-combobox.ts';
import type { GwCombobox, Suggestion } from '../../components/gw-combobox.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-icon-button.ts';
import { done } from '../../components/open-dialog.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { modelOf, type FallbackRule, type FallbackTarget } from './fallback-rules.ts';

/** For one model: which others, in which order. */
@customElement('gw-fallback-dialog')
export class GwFallbackDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        min-block-size: 48px;
      }
      .place {
        inline-size: 24px;
      }
      .bad {
        padding-block-end: var(--ha-space-2);
      }
    `,
  ];

  /** The rule to change; null for a new one. */
  @property({ attribute: false }) rule: FallbackRule | null = null;
  /** Models that have a rule already. */
  @property({ attribute: false }) taken: readonly string[] = [];
  @property({ attribute: false }) save!: (rule: FallbackRule) => Promise<void>;
  @state() private _from = '';
  @state() private _to: readonly FallbackTarget[] = [];
  @state() private _next = '';
  @state() private _models: readonly Suggestion[] = [];
  @state() private _wrong: { from?: string; to?: string; all?: string } = {};
  @state() private _saving = false;
  #isTyped = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this._from = this.rule?.from ?? '';
    this._to = this.rule?.to ?? [];
    void this.#find();
  }

  override render() {
    return html`<gw-dialog
      open
      heading=${t(this.rule ? 'settings.edit_fallback' : 'settings.add_fallback')}
      subtitle=${t('settings.fallback_text')}
      @gw-close=${() => done(this)}
    >
      <div class="stack">
        ${this._wrong.all ? html`<gw-alert kind="error" announce>${this._wrong.all}</gw-alert>` : nothing}
        <gw-combobox
          autofocus
          name="from"
          label=${t('settings.fallback_from')}
          helper=${t('settings.fallback_from_hint')}
          error=${this._wrong.from ?? ''}
          .value=${this._from}
          .suggestions=${[...this._models, { value: '*', note: t('settings.any_other_model') }].filter(({ value }) => !this.taken.includes(value))}
          @value-changed=${({ detail }: ValueChanged) => (this._from = detail.value.trim())}
        ></gw-combobox>
        ${this._to.length > 0 ? this.#order() : nothing} ${keyed(this._to.length, this.#next())}
      </div>
      <gw-button slot="footer" @click=${() => done(this)}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._saving} @click=${this.#save}>${t('settings.save')}</gw-button>
    </gw-dialog>`;
  }

  /** The field for one more; a new one each time, so that nothing of the last name stays in it. */
  #next() {
    const chosen = new Set(this._to.map(modelOf));
    const left = this._models.filter(({ value }) => value !== this._from && !chosen.has(value));
    return html`<gw-combobox
      name="to"
      label=${t(this._to.length === 0 ? 'settings.fallback_first' : 'settings.fallback_next')}
      helper=${t('settings.fallback_to_hint')}
      error=${this._wrong.to ?? ''}
      .value=${this._next}
      .suggestions=${left}
      @input=${this.#typing}
      @value-changed=${({ detail }: ValueChanged) => this.#onNext(detail.value)}
      @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#append(this._next)}
    ></gw-combobox>`;
  }

  #order() {
    const last = this._to.length - 1;
    return html`<ol aria-label=${t('settings.fallback_order')}>
      ${this._to.map((target, index) => {
        const name = modelOf(target);
        return html`<li>
          <span class="place secondary number">${index + 1}.</span><span class="grow ellipsis">${name}</span>
          <gw-icon-button
            size="small"
            .path=${mdiArrowUp}
            label=${t('settings.earlier', { name })}
            ?disabled=${index === 0}
            @click=${() => this.#move(index, -1)}
          ></gw-icon-button>
          <gw-icon-button
            size="small"
            .path=${mdiArrowDown}
            label=${t('settings.later', { name })}
            ?disabled=${index === last}
            @click=${() => this.#move(index, 1)}
          ></gw-icon-button>
          <gw-icon-button
            size="small"
            .path=${mdiClose}
            label=${t('settings.remove_name', { name })}
            @click=${() => (this._to = this._to.filter((_, at) => at !== index))}
          ></gw-icon-button>
        </li>`;
      })}
    </ol>`;
  }

  async #find(): Promise<void> {
    // Names can be typed where they cannot be listed.
    this._models = await findModels('', new AbortController().signal).catch(() => []);
  }

  /** Before the field itself hears of a key: what follows was typed, not taken from the list. */
  readonly #typing = { capture: true, handleEvent: () => (this.#isTyped = true) };

  /** A suggestion that was taken joins the list at once; a typed name, which may go on, waits for Enter or Save. */
  #onNext(value: string): void {
    this._next = value;
    if (!this.#isTyped) this.#append(value);
    this.#isTyped = false;
  }

  #append(text: string): void {
    const name = text.trim();
    if (name === '') return;
    if (!this._to.some((target) => modelOf(target) === name)) this._to = [...this._to, name];
    this._next = '';
    this._wrong = {};
    void this.updateComplete.then(() => this.renderRoot.querySelector<GwCombobox>('[name="to"]')?.focus());
  }

  #move(index: number, by: -1 | 1): void {
    const moved = [...this._to];
    const [target] = moved.splice(index, 1);
    if (target !== undefined) moved.splice(index + by, 0, target);
    this._to = moved;
  }

  async #save(): Promise<void> {
    this.#append(this._next);
    const { _from: from, _to: to } = this;
    this._wrong = {
      ...(from === '' ? { from: t('settings.fallback_needs_model') } : {}),
      ...(this.taken.includes(from) ? { from: t('settings.fallback_taken') } : {}),
      ...(to.length === 0 ? { to: t('settings.fallback_needs_other') } : {}),
      ...(to.some((target) => modelOf(target) === from) ? { to: t('settings.fallback_is_itself') } : {}),
    };
    if (Object.keys(this._wrong).length > 0) return;
    this._saving = true;
    try {
      await this.save({ from, to });
      done(this, true);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this._wrong = { all: error.message };
    } finally {
      this._saving = false;
    }
  }
}
