import { mdiRobot } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../api/client.ts';
import type { ValueChanged } from '../components/field.ts';
import '../components/gw-alert.ts';
import '../components/gw-button.ts';
import '../components/gw-secret-field.ts';
import '../components/gw-text-field.ts';
import { t } from '../i18n/texts.ts';
import type { SessionStore } from '../session/session-store.ts';
import { base } from '../theme/base.ts';

/** Logging in, only at `/ui`: inside Home Assistant people are logged in already. */
@customElement('gw-login-page')
export class GwLoginPage extends LitElement {
  static override styles = [
    base,
    css`
      main {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: var(--ha-space-4);
        padding: min(12vh, 96px) var(--ha-space-4) var(--ha-space-6);
        text-align: center;
      }
      .mark {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        inline-size: 72px;
        block-size: 72px;
        border-radius: 50%;
        background: var(--gw-fill-accent);
        color: var(--text-primary-color);
        --gw-icon-size: 40px;
      }
      h1 {
        font-size: var(--ha-font-size-2xl);
        font-weight: var(--ha-font-weight-normal);
        line-height: 32px;
      }
      form {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-2);
        inline-size: 100%;
        max-inline-size: 400px;
        padding: var(--ha-space-6);
        text-align: start;
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-lg);
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        padding-block-start: var(--ha-space-2);
      }
    `,
  ];

  @property({ attribute: false }) store!: SessionStore;
  @state() private _username = '';
  @state() private _password = '';
  @state() private _busy = false;
  @state() private _problem = '';

  override render() {
    return html`<main>
      <span class="mark"><gw-icon .path=${mdiRobot}></gw-icon></span>
      <h1>${t('app.name')}</h1>
      <form @submit=${this.#submit} novalidate>
        ${this._problem ? html`<gw-alert kind="error" announce>${this._problem}</gw-alert>` : nothing}
        <gw-text-field
          name="username"
          label=${t('login.username')}
          autocomplete="username"
          .value=${this._username}
          @value-changed=${(event: ValueChanged) => (this._username = event.detail.value)}
        ></gw-text-field>
        <gw-secret-field
          name="password"
          label=${t('login.password')}
          helper=${t('login.password_helper')}
          autocomplete="current-password"
          .value=${this._password}
          @value-changed=${(event: ValueChanged) => (this._password = event.detail.value)}
        ></gw-secret-field>
        <div class="actions"><gw-button type="submit" look="accent" ?loading=${this._busy}>${t('login.submit')}</gw-button></div>
      </form>
      <p class="small secondary">${t('login.home_assistant')}</p>
    </main>`;
  }

  override firstUpdated(): void {
    document.title = `${t('login.submit')} - ${t('app.name')}`;
    this.renderRoot.querySelector<HTMLElement>('gw-text-field')?.focus();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    this._busy = true;
    this._problem = '';
    try {
      await this.store.logIn(this._username, this._password);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this._problem = error.status === 401 ? t('login.wrong') : error.message;
      this._password = '';
    } finally {
      this._busy = false;
    }
  }
}
