import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { plainText, type Settings, type Wanted } from '../../api/settings.ts';
import '../../components/gw-card.ts';
import { currencies } from '../../format/currency.ts';
import { haBridge } from '../../ha-bridge.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import './gw-setting.ts';
import { textWanted } from './gw-setting.ts';

/** Decimal text with every digit: the server keeps it so. */
const rateWanted = (text: string): Wanted => textWanted(text.trim().replace(',', '.'));

/** In which currency amounts are shown, and where dates and language come from. */
@customElement('gw-display-card')
export class GwDisplayCard extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) settings!: Settings;
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;
  readonly #currencies = currencies().map(({ code, name }) => ({ value: code, label: `${name} (${code})` }));

  override render() {
    const code = plainText(this.settings.get('general_settings.display_currency')?.field_value);
    return html`<gw-card heading=${t('settings.display')} flush>
      <div class="list-end">
        <gw-setting
          kind="choice"
          heading=${t('settings.currency')}
          note=${t('settings.currency_note')}
          ?read-only=${this.readOnly}
          .setting=${this.settings.get('general_settings.display_currency')}
          .options=${this.#currencies}
          .wanted=${textWanted}
        ></gw-setting>
        ${
          code === '' || code === 'USD'
            ? nothing
            : html`<gw-setting
                heading=${t('settings.rate')}
                note=${t('settings.rate_note', { code })}
                unit=${code}
                ?read-only=${this.readOnly}
                .setting=${this.settings.get('general_settings.display_exchange_rate')}
                .wanted=${rateWanted}
              ></gw-setting>`
        }
        <div class="settings-row">
          <div class="grow">
            <div class="row-title">${t('settings.language')}</div>
            <div class="row-note">${t('settings.language_note')}</div>
          </div>
          <span>${haBridge.framed ? 'Home Assistant' : t('settings.browser')}</span>
        </div>
      </div>
    </gw-card>`;
  }
}
