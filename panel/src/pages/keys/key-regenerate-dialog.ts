import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { regenerateKey, type Key } from '../../api/keys.ts';
import type { ValueChanged } from '../../components/field.ts';
import { done } from '../../components/open-dialog.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { keyName } from './key-facts.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-select.ts';

/** How long the old text can go on working. */
const GRACES = ['', '1h', '24h', '7d'] as const;

/** Asks before a key gets a new text, and how long the old one goes on working. Ends with the key and its new text. */
@customElement('gw-key-regenerate-dialog')
export class GwKeyRegenerateDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      p {
        margin-block-end: var(--ha-space-4);
      }
    `,
  ];

  @property({ attribute: false }) key!: Key;
  @state() private _grace = '';
  @state() private _failed = '';
  @state() private _busy = false;

  override render() {
    const options = GRACES.map((value) => ({
      value,
      label: t(`keys.regenerate.grace.${value === '' ? 'none' : `g${value}`}` as 'keys.regenerate.grace.none'),
    }));
    return html`<gw-dialog
      open
      size="small"
      no-close
      heading=${t('keys.regenerate.title', { name: keyName(this.key) })}
      @gw-close=${() => done(this)}
    >
      ${this._failed ? html`<gw-alert kind="error" announce>${this._failed}</gw-alert>` : nothing}
      <p class="secondary">${t('keys.regenerate.text')}</p>
      <gw-select
        name="grace_period"
        label=${t('keys.regenerate.old')}
        helper=${t(this._grace === '' ? 'keys.regenerate.at_once' : 'keys.regenerate.meanwhile')}
        .value=${this._grace}
        .options=${options}
        @value-changed=${(event: ValueChanged) => (this._grace = event.detail.value)}
      ></gw-select>
      <gw-button slot="footer" @click=${() => done(this)}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._busy} @click=${this.#regenerate}>${t('keys.regenerate.yes')}</gw-button>
    </gw-dialog>`;
  }

  readonly #regenerate = async () => {
    this._busy = true;
    this._failed = '';
    try {
      done(this, await regenerateKey(this.key.token, this._grace));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this._failed = error.message;
    } finally {
      this._busy = false;
    }
  };
}
