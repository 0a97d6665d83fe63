import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { actAtHome, readHome, type Home, type HomeAction } from '../../api/home-assistant.ts';
import { ApiError } from '../../api/client.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-state.ts';
import { confirm } from '../../components/confirm.ts';
import { pageState } from '../../components/page-states.ts';
import { toast } from '../../components/gw-toasts.ts';
import { relative } from '../../format/time.ts';
import { haBridge } from '../../ha-bridge.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { PageData } from '../../page-data.ts';
import { base, layout } from '../../theme/base.ts';

const KINDS = {
  off: 'off',
  waiting: 'waiting',
  refused: 'bad',
  absent: 'warn',
  foreign: 'warn',
  pending_restart: 'warn',
  discovered: 'warn',
  not_configured: 'warn',
  entry_problem: 'bad',
  incompatible: 'bad',
  connected: 'good',
} as const satisfies Readonly<Record<Home['state'], string>>;

type Step = 'install' | 'restart_home_assistant' | 'announce' | 'open';

/** What brings the next step, where there is one. `open` opens a page of Home Assistant. */
const STEPS: Readonly<Partial<Record<Home['state'], Step>>> = {
  absent: 'install',
  pending_restart: 'restart_home_assistant',
  discovered: 'open',
  not_configured: 'announce',
  entry_problem: 'open',
};

/** How the gateway stands with Home Assistant, and the one thing to do about it. */
@customElement('gw-home-card')
export class GwHomeCard extends LitElement {
  static override styles = [base, layout];

  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;
  @state() private _busy: HomeAction | null = null;
  @state() private _error = '';
  readonly #home = new PageData(this, { args: () => [] as const, load: (_, signal) => readHome(signal) });
  readonly live = new Live(this, { topics: ['state'], onEvent: () => this.#home.reload(), onPoll: () => this.#home.reload() });

  override render() {
    return html`<gw-card heading=${t('settings.home.title')} flush>${pageState(this.#home, (home) => this.#shown(home))}</gw-card>`;
  }

  #shown(home: Home) {
    return html`<div class="list-end">
      <div class="settings-row">
        <div class="grow">
          <div class="row-title">${t('settings.home.sensors')}</div>
          <div class="row-note">${t(`settings.home.note.${home.state}`)}</div>
          ${home.told_at ? html`<div class="row-note">${t('settings.home.told', { time: relative(home.told_at) })}</div>` : nothing}
        </div>
        <gw-state kind=${KINDS[home.state]} label=${t(`settings.home.state.${home.state}`)}></gw-state>
      </div>
      ${this.#step(home)} ${home.app ? this.#app(home.app) : nothing}
      ${this._error ? html`<gw-alert kind="error">${this._error}</gw-alert>` : nothing}
    </div>`;
  }

  #step({ state, app }: Home) {
    const step = STEPS[state];
    if (!step || this.readOnly || (step === 'open' && !haBridge.connected) || (!app && step !== 'restart_home_assistant')) return nothing;
    const act = step === 'open' ? () => haBridge.open('/config/integrations/dashboard') : () => this.#act(step);
    return html`<div class="settings-row">
      <div class="grow"></div>
      <gw-button look="filled" ?loading=${this._busy === step} @click=${act}>${t(`settings.home.do.${step}`)}</gw-button>
    </div>`;
  }

  #app(app: NonNullable<Home['app']>) {
    const rows = [
      ['in_sidebar', 'show_in_sidebar', app.in_sidebar],
      ['watched', 'watch', app.watched],
    ] as const;
    return rows.map(
      ([name, action, on]) =>
        html`<div class="settings-row">
          <div class="grow">
            <div class="row-title">${t(`settings.home.${name}`)}</div>
            <div class="row-note">${t(`settings.home.${name}_note`)}</div>
          </div>
          ${
            on || this.readOnly
              ? html`<span>${t(on ? 'settings.on' : 'settings.off')}</span>`
              : html`<gw-button small ?loading=${this._busy === action} @click=${() => this.#act(action)}
                  >${t('settings.home.turn_on')}</gw-button
                >`
          }
        </div>`,
    );
  }

  async #act(action: HomeAction): Promise<void> {
    if (!(await this.#agreed(action))) return;
    this._busy = action;
    this._error = '';
    try {
      const now = await actAtHome(action);
      this.#home.set(() => now);
      toast(t(`settings.home.done.${action}`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this._error = error.message;
    } finally {
      this._busy = null;
    }
  }

  /** What ends something that runs is asked first. */
  async #agreed(action: HomeAction): Promise<boolean> {
    if (action !== 'restart_home_assistant' && action !== 'install') return true;
    return confirm({
      title: t(`settings.home.ask.${action}`),
      text: t(`settings.home.ask.${action}_text`),
      yes: t(`settings.home.do.${action}`),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gw-home-card': GwHomeCard;
  }
}
