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
  no_access: 'off',
  pending_restart: 'warn',
  discovered: 'warn',
  not_configured: 'warn',
  entry_problem: 'bad',
  incompatible: 'bad',
  connected: 'good',
} as const satisfies Readonly<Record<Home['state'], string>>;

type Step = 'install' | 'replace' | 'restart_home_assistant' | 'announce' | 'open';

/** What brings the next step, where there is one. `open` opens a page of Home Assistant. */
function stepOf({ state, files }: Home): Step | null {
  switch (state) {
    case 'absent':
      return 'install';
    case 'foreign':
      return files?.replaceable ? 'replace' : null;
    case 'pending_restart':
      return 'restart_home_assistant';
    case 'not_configured':
      return 'announce';
    case 'discovered':
    case 'entry_problem':
      return 'open';
    case 'off':
    case 'waiting':
    case 'refused':
    case 'no_access':
    case 'incompatible':
    case 'connected':
      return null;
  }
}

function noteOf({ state, files, integration }: Home): string {
  if (state === 'foreign') return t(`settings.home.foreign.${files?.owner ?? 'other'}`);
  if (state === 'absent' && files?.kept_away) return t('settings.home.note.kept_away');
  if (state === 'pending_restart' && integration) return t('settings.home.note.newer');
  return t(`settings.home.note.${state}`);
}

/** What is asked first: it ends something that runs. */
const ASKED = ['restart_home_assistant', 'install', 'replace', 'remove', 'reread_certificates'] as const;
type Asked = (typeof ASKED)[number];
const isAsked = (action: HomeAction): action is Asked => (ASKED as readonly HomeAction[]).includes(action);

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
          <div class="row-note">${noteOf(home)}</div>
          ${home.told_at ? html`<div class="row-note">${t('settings.home.told', { time: relative(home.told_at) })}</div>` : nothing}
        </div>
        <gw-state kind=${KINDS[home.state]} label=${t(`settings.home.state.${home.state}`)}></gw-state>
      </div>
      ${this.#step(home)} ${home.app ? this.#app(home.app) : nothing} ${this.#files(home)}
      ${home.app?.encrypted ? this.#row('certificates', 'reread_certificates') : nothing}
      ${home.files?.trouble ? html`<gw-alert kind="warning">${t('settings.home.trouble', { reason: home.files.trouble })}</gw-alert>` : nothing}
      ${this._error ? html`<gw-alert kind="error">${this._error}</gw-alert>` : nothing}
    </div>`;
  }

  #step(home: Home) {
    const { app } = home;
    const step = stepOf(home);
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

  /** The files that the app put in place, or may replace, can be taken away. */
  #files({ files }: Home) {
    const ours = files && (files.owner === null || files.replaceable);
    if (!ours || files.installed_version === null) return nothing;
    return this.#row('files', 'remove', files.installed_version);
  }

  #row(name: 'files' | 'certificates', action: 'remove' | 'reread_certificates', version = '') {
    return html`<div class="settings-row">
      <div class="grow">
        <div class="row-title">${t(`settings.home.${name}`)}</div>
        <div class="row-note">${t(`settings.home.${name}_note`, { version })}</div>
      </div>
      ${
        this.readOnly
          ? nothing
          : html`<gw-button small ?loading=${this._busy === action} @click=${() => this.#act(action)}
              >${t(`settings.home.do.${action}`)}</gw-button
            >`
      }
    </div>`;
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

  async #agreed(action: HomeAction): Promise<boolean> {
    if (!isAsked(action)) return true;
    return confirm({
      title: t(`settings.home.ask.${action}`),
      text: t(`settings.home.ask.${action}_text`),
      yes: t(`settings.home.do.${action}`),
      danger: action === 'remove',
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gw-home-card': GwHomeCard;
  }
}
