import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ApiError } from '../../api/client.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import { t, type TextKey } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base } from '../../theme/base.ts';

type Cause =
  | 'budget'
  | 'rate'
  | 'model_denied'
  | 'model_gone'
  | 'key'
  | 'too_large'
  | 'unreachable'
  | 'broken'
  | 'timeout'
  | 'provider_key'
  | 'provider'
  | 'refused';

const BY_TYPE: Readonly<Record<string, Cause>> = {
  budget_exceeded: 'budget',
  throttling_error: 'rate',
  rate_limit_error: 'rate',
  key_model_access_denied: 'model_denied',
  request_too_large: 'too_large',
  auth_error: 'key',
  token_not_found_in_db: 'key',
  expired_key: 'key',
  timeout_error: 'timeout',
  authentication_error: 'provider_key',
  permission_error: 'provider_key',
  api_connection_error: 'provider',
};

/** Why an answer failed, as far as the refusal tells. */
export function causeOf({ type, code, status, message }: ApiError): Cause {
  if (code === 'model_not_found' || message.includes('Invalid model name')) return 'model_gone';
  const known = BY_TYPE[type ?? ''];
  if (known) return known;
  if (type === null && status === 0) return message === t('errors.unreachable') ? 'unreachable' : 'broken';
  if (type === 'not_found_error' && message.includes('no such key')) return 'key';
  const at = status || Number(code) || 0;
  if (at === 429) return 'rate';
  return at >= 500 ? 'provider' : 'refused';
}

/** An answer that failed: what happened, in whose words, and what to do. Fires `gw-retry`. */
@customElement('gw-play-error')
export class GwPlayError extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: 100%;
      }
      .words {
        margin-block: 2px var(--ha-space-1);
        white-space: pre-line;
      }
      a {
        text-decoration: underline;
      }
    `,
  ];

  @property({ attribute: false }) error: ApiError | null = null;
  /** When it came, milliseconds. */
  @property({ type: Number }) at = 0;
  @property() model = '';
  /** Hash of the key the call was made as. */
  @property() key = '';
  @state() private _now = Date.now();
  #timer = 0;

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    this.#timer = 0;
    super.disconnectedCallback();
  }

  override render() {
    if (!this.error) return nothing;
    const cause = causeOf(this.error);
    const wait = this.#wait();
    return html`<gw-alert kind="error" announce heading=${t(`playground.error.${cause}_title` as TextKey, { model: this.model })}>
      <p class="words" dir="auto">${this.error.message}</p>
      <p>${t(`playground.error.${cause}_do` as TextKey, { model: this.model })} ${this.#link(cause)}</p>
      <gw-button slot="action" small tone="neutral" ?disabled=${wait > 0} @click=${() => this.dispatchEvent(new CustomEvent('gw-retry'))}>
        <span class="number">${wait > 0 ? t('playground.error.wait', { seconds: wait }) : t('playground.try_again')}</span>
      </gw-button>
    </gw-alert>`;
  }

  override updated(): void {
    const waits = this.#wait() > 0;
    if (waits && this.#timer === 0) this.#timer = window.setInterval(() => (this._now = Date.now()), 1000);
    if (!waits && this.#timer !== 0) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
  }

  /** Seconds until another try makes sense, when that is worth waiting for. */
  #wait(): number {
    const asked = this.error?.retryAfter ?? 0;
    if (asked <= 0 || asked > 600) return 0;
    return Math.max(0, Math.ceil(asked - (this._now - this.at) / 1000));
  }

  #link(cause: Cause) {
    if ((cause === 'budget' || cause === 'key') && this.key !== '')
      return html`<a href=${href(`keys/${this.key}`)}>${t('playground.error.to_key')}</a>`;
    if (cause === 'budget') return html`<a href=${href('settings')}>${t('playground.error.to_budgets')}</a>`;
    if (cause === 'model_gone' || cause === 'provider_key') return html`<a href=${href('models')}>${t('playground.error.to_models')}</a>`;
    return nothing;
  }
}
