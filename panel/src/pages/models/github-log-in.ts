import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { githubLogIn, startGithubLogIn, type DeviceState, type StartedDevice } from '../../api/device-log-in.ts';
import { rich, t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-code.ts';

/** Why a log-in ended without an account. */
type Ended = Extract<DeviceState['state'], 'expired_token' | 'access_denied'>;

const ENDED = {
  expired_token: 'models.github.expired',
  access_denied: 'models.github.denied',
} as const satisfies Record<Ended, string>;

/**
 * Signs in at GitHub for Copilot: shows a code and where to enter it, and waits. Fires `gw-signed-in` with the name of the stored
 * credential.
 */
@customElement('gw-github-log-in')
export class GwGithubLogIn extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      :host {
        display: block;
        margin-block-end: var(--ha-space-3);
      }
      p {
        margin-block: 0 var(--ha-space-2);
        color: var(--secondary-text-color);
      }
      gw-code,
      gw-alert {
        margin-block-end: var(--ha-space-2);
      }
    `,
  ];

  @state() private _started: StartedDevice | null = null;
  @state() private _busy = false;
  @state() private _slow = false;
  @state() private _problem = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #calls = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#calls = new AbortController();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#calls.abort();
  }

  override render() {
    return html`<p>${t('models.github.risk')}</p>
      ${this._problem === '' ? nothing : html`<gw-alert kind="error" announce>${this._problem}</gw-alert>`}
      ${this._started ? this.#code(this._started) : this.#button()}`;
  }

  #button() {
    return html`<gw-button ?loading=${this._busy} @click=${this.#start}>${t('models.github.sign_in')}</gw-button>`;
  }

  #code({ user_code: code, verification_uri: address }: StartedDevice) {
    const link = html`<a href=${address} target="_blank" rel="noreferrer noopener external">${address}</a>`;
    return html`<p>${rich('models.github.enter', { address: link })}</p>
      <gw-code text=${code} label=${t('models.github.code')}></gw-code>
      <p role="status">${t(this._slow ? 'models.github.slow_down' : 'models.github.pending')}</p>`;
  }

  readonly #start = async () => {
    this._busy = true;
    this._problem = '';
    try {
      const started = await startGithubLogIn(this.#calls.signal);
      this._started = started;
      this._slow = false;
      this.#askIn(started.id, started.interval);
    } catch (error) {
      this.#failed(error);
    } finally {
      this._busy = false;
    }
  };

  #askIn(id: string, seconds: number): void {
    this.#timer = setTimeout(() => void this.#ask(id), seconds * 1000);
  }

  async #ask(id: string): Promise<void> {
    try {
      this.#told(id, await githubLogIn(id, this.#calls.signal));
    } catch (error) {
      this.#failed(error);
    }
  }

  #told(id: string, { state, interval, credential_name: name }: DeviceState): void {
    switch (state) {
      case 'authorization_pending':
      case 'slow_down':
        this._slow = state === 'slow_down';
        this.#askIn(id, interval ?? 5);
        return;
      case 'expired_token':
      case 'access_denied':
        this.#over(t(ENDED[state]));
        return;
      case 'done':
        this.#over('');
        this.dispatchEvent(new CustomEvent('gw-signed-in', { detail: name ?? '', bubbles: true, composed: true }));
    }
  }

  #failed(error: unknown): void {
    if (this.#calls.signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    this.#over(error.message);
  }

  #over(problem: string): void {
    this._started = null;
    this._problem = problem;
  }
}
