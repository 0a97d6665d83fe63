import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { gatewayAddress } from '../../api/address.ts';
import type { Session } from '../../api/session.ts';
import { plainText, type Settings } from '../../api/settings.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-copy.ts';
import '../../components/gw-state.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import './gw-setting.ts';
import { textWanted } from './gw-setting.ts';

const PERIODS = ['7d', '30d', '90d', '180d', '365d', 'never'] as const;

/** Spellings of the lengths that can be chosen. */
function usualPeriod(value: unknown): string {
  const text = plainText(value);
  return /^(?:0[a-z]*)?$/i.test(text) ? 'never' : text;
}

/** The address for apps, what is stored and for how long, and one's own log-in. */
@customElement('gw-general-card')
export class GwGeneralCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .address {
        padding: var(--ha-space-2) var(--ha-space-4);
      }
      .address .row-note {
        margin-block-end: 4px;
      }
    `,
  ];

  @property({ attribute: false }) settings!: Settings;
  @property({ attribute: false }) session!: Session;
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;

  override render() {
    const options = PERIODS.map((value) => ({ value, label: t(`settings.keep.${value}`) }));
    return html`<gw-card heading=${t('settings.general')} flush>
      <div class="list-end">
        ${this.#address()}
        <div class="settings-row">
          <div class="grow">
            <div class="row-title">${t('settings.prompts')}</div>
            <div class="row-note">${t('settings.prompts_note')}</div>
          </div>
          <span>${t('settings.not_stored')}</span>
        </div>
        ${(
          [
            ['maximum_spend_logs_retention_period', 'settings.keep_calls', 'settings.keep_calls_note'],
            ['maximum_audit_log_retention_period', 'settings.keep_changes', 'settings.keep_changes_note'],
          ] as const
        ).map(
          ([name, heading, note]) =>
            html`<gw-setting
              kind="choice"
              heading=${t(heading)}
              note=${t(note)}
              ?read-only=${this.readOnly}
              .setting=${this.settings.get(`general_settings.${name}`)}
              .options=${options}
              .shown=${usualPeriod}
              .wanted=${textWanted}
            ></gw-setting>`,
        )}
        ${this.#logIn()}
      </div>
    </gw-card>`;
  }

  #address() {
    const address = `${gatewayAddress()}/v1`;
    return html`<div class="address">
        <div class="row-note">${t('settings.address')}</div>
        <gw-copy-line text=${address} label=${t('settings.copy_address')}></gw-copy-line>
      </div>
      ${
        address.startsWith('http:')
          ? html`<div class="settings-row">
              <div class="grow">
                <div class="row-title">${t('settings.encryption')}</div>
                <div class="row-note">${t('settings.encryption_note')}</div>
              </div>
              <gw-state kind="warn" label=${t('settings.off')}></gw-state>
            </div>`
          : nothing
      }`;
  }

  #logIn() {
    const { user_id: id, user_email: email, expires } = this.session;
    const name = email ?? (id === 'default_user_id' ? t('settings.administrator') : id);
    return html`<div class="settings-row">
      <div class="grow">
        <div class="row-title">${t('settings.log_in')}</div>
        <div class="row-note">
          ${this.#isHome ? t('settings.log_in_home') : t('settings.log_in_as', { name })}
          ${expires ? t('settings.log_in_until', { time: dateTime(expires) }) : nothing}
        </div>
      </div>
      ${this.#isHome ? nothing : html`<gw-button small @click=${this.#logOut}>${t('settings.log_out')}</gw-button>`}
    </div>`;
  }

  get #isHome(): boolean {
    return this.session.login_method === 'ingress';
  }

  #logOut(): void {
    this.dispatchEvent(new CustomEvent('gw-log-out', { bubbles: true, composed: true }));
  }
}
