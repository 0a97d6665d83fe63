import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { updateKey, type Key } from '../../api/keys.ts';
import { markError, type ValueChanged } from '../../components/field.ts';
import { done } from '../../components/open-dialog.ts';
import { money } from '../../format/money.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { numberIn } from './key-draft.ts';
import { keyName, raisedBy } from './key-facts.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-duration-field.ts';
import '../../components/gw-number-field.ts';

const LENGTHS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** Raises a budget for some hours or days; it falls back by itself. Ends with the key as it is then. */
@customElement('gw-key-raise-dialog')
export class GwKeyRaiseDialog extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) key!: Key;
  @state() private _by = '';
  @state() private _for = '1d';
  @state() private _failed = '';
  @state() private _busy = false;

  override render() {
    const raised = raisedBy(this.key) > 0;
    return html`<gw-dialog open size="small" heading=${t('keys.raise.title')} subtitle=${keyName(this.key)} @gw-close=${() => done(this)}>
      ${this._failed ? html`<gw-alert kind="error" announce>${this._failed}</gw-alert>` : nothing}
      <div class="stack tight">
        <gw-number-field
          name="temp_budget_increase"
          label=${t('keys.raise.by')}
          unit="USD"
          helper=${this.#sum()}
          .value=${this._by}
          @value-changed=${(event: ValueChanged) => (this._by = event.detail.value)}
        ></gw-number-field>
        <gw-duration-field
          name="temp_budget_expiry"
          label=${t('keys.raise.for')}
          helper=${this.#until() === null ? '' : t('keys.raise.until', { time: dateTime(this.#until() ?? 0) })}
          .units=${['h', 'd']}
          .value=${this._for}
          @value-changed=${(event: ValueChanged) => (this._for = event.detail.value)}
        ></gw-duration-field>
      </div>
      ${raised ? html`<gw-button slot="lead" @click=${() => this.#save(null, null)}>${t('keys.raise.end')}</gw-button>` : nothing}
      <gw-button slot="footer" @click=${() => done(this)}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._busy} @click=${this.#raise}>${t('keys.raise.yes')}</gw-button>
    </gw-dialog>`;
  }

  /** What holds then. */
  #sum(): string {
    const by = numberIn(this._by);
    const base = this.key.max_budget;
    return base === null || by === null || !(by > 0) ? '' : t('keys.raise.sum', { limit: money(base + by) });
  }

  #until(): number | null {
    const found = /^(\d+)([hd])$/.exec(this._for);
    return found ? Date.now() + Number(found[1]) * (LENGTHS_MS[found[2] ?? ''] ?? 0) : null;
  }

  readonly #raise = async () => {
    const by = numberIn(this._by);
    const until = this.#until();
    markError(this.renderRoot, null, '');
    if (by === null || !(by > 0)) markError(this.renderRoot, 'temp_budget_increase', t('form.not_positive'));
    else if (until === null) markError(this.renderRoot, 'temp_budget_expiry', t('form.period_missing'));
    else await this.#save(by, new Date(until).toISOString());
  };

  async #save(by: number | null, until: string | null): Promise<void> {
    this._busy = true;
    this._failed = '';
    try {
      done(this, await updateKey(this.key.token, { temp_budget_increase: by, temp_budget_expiry: until }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!markError(this.renderRoot, error.param, error.message)) this._failed = error.message;
    } finally {
      this._busy = false;
    }
  }
}
