import { provide } from '@lit/context';
import { mdiAccountLock, mdiCloudOffOutline, mdiFileQuestionOutline } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Session } from '../api/session.ts';
import { readDisplay } from '../api/settings.ts';
import '../components/gw-button.ts';
import '../components/gw-empty.ts';
import { dismissToast, toast } from '../components/gw-toasts.ts';
import '../components/gw-loading.ts';
import { useCurrency } from '../format/currency.ts';
import { haBridge } from '../ha-bridge.ts';
import { t } from '../i18n/texts.ts';
import { live, type LiveState } from '../live/live-client.ts';
import type { GwPage, PageHeader } from '../page.ts';
import { matchRoute, type Match } from '../router/routes.ts';
import { router } from '../router/router.ts';
import { sessionContext } from '../session/session-context.ts';
import { SessionStore } from '../session/session-store.ts';
import { base } from '../theme/base.ts';
import './gw-header.ts';
import './gw-login-page.ts';

/** The shell: who is logged in, header, the page of the address, toasts, the connection. */
@customElement('gw-app')
export class GwApp extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-block-size: 100dvh;
      }
      main:focus-visible {
        outline: 0;
      }
      main {
        padding-inline: var(--safe-area-inset-left) var(--safe-area-inset-right);
      }
      .skip {
        position: fixed;
        z-index: 10;
        inset-block-start: var(--ha-space-2);
        inset-inline-start: var(--ha-space-2);
        padding: var(--ha-space-3) var(--ha-space-4);
        border-radius: var(--ha-border-radius-pill);
        background: var(--gw-fill-accent);
        color: var(--text-primary-color);
      }
      .skip:not(:focus) {
        clip-path: inset(50%);
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        padding: 0;
      }
      @media (max-width: 870px) {
        main.with-bar {
          padding-block-end: calc(var(--gw-narrow-bar) + var(--safe-area-inset-bottom));
        }
      }
    `,
  ];

  readonly #store = new SessionStore();
  @provide({ context: sessionContext }) @state() session!: Session;
  @state() private _match: Match | null = matchRoute(router.location.path);
  @state() private _header: PageHeader = {};
  @state() private _failed = '';
  @state() private _page: GwPage | null = null;
  #endLive: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#store.addEventListener('change', () => void this.#onSession());
    router.addEventListener('change', () => void this.#onAddress());
    haBridge.addEventListener('change', () => this.requestUpdate());
    window.addEventListener('gw-unauthorized', () => this.#store.expire());
    this.addEventListener('gw-header', (event) => this.#onHeader(event as CustomEvent<PageHeader>));
    this.addEventListener('gw-log-out', () => void this.#store.logOut());
    void this.#store.read();
  }

  override render() {
    const state = this.#store.state;
    switch (state.is) {
      case 'unknown':
        return html`<gw-loading></gw-loading>`;
      case 'out':
        return haBridge.connected ? this.#expired() : html`<gw-login-page .store=${this.#store}></gw-login-page><gw-toasts></gw-toasts>`;
      case 'expired':
        return this.#expired();
      case 'unreachable':
        return html`<main>
          <gw-empty .icon=${mdiCloudOffOutline} heading=${t('states.unreachable')}>
            ${state.error.message}
            <gw-button slot="action" look="filled" @click=${() => this.#store.read()}>${t('actions.try_now')}</gw-button>
          </gw-empty>
        </main>`;
      case 'in':
        return this.#frame(state.session);
    }
  }

  #frame(session: Session) {
    const route = this._match?.route ?? null;
    const withBar = route !== null && route.path === route.tab;
    return html`<button type="button" class="skip" @click=${() => this.#focusContent()}>${t('header.skip')}</button>
      <gw-header .route=${route} .path=${router.location.path} .content=${this._header} .session=${session}></gw-header>
      <main tabindex="-1" class=${withBar ? 'with-bar' : ''}>${this.#content()}</main>
      <gw-toasts></gw-toasts>`;
  }

  #content() {
    if (!this._match)
      return html`<gw-empty .icon=${mdiFileQuestionOutline} heading=${t('states.not_found')}>
        ${t('states.not_found_text')}
        <gw-button slot="action" look="filled" href="./">${t('states.to_overview')}</gw-button>
      </gw-empty>`;
    if (this._failed)
      return html`<gw-empty .icon=${mdiCloudOffOutline} heading=${t('states.failed')}>
        ${this._failed}
        <gw-button slot="action" look="filled" @click=${() => location.reload()}>${t('actions.reload')}</gw-button>
      </gw-empty>`;
    return this._page ? keyed(this._match.route.path, this._page) : html`<gw-loading></gw-loading>`;
  }

  /** Behind ingress only the page around us can renew the session; at `/ui` people log in again. */
  #expired() {
    return html`<main>
      <gw-empty .icon=${mdiAccountLock} heading=${t('session.expired')}>
        ${t(haBridge.framed ? 'session.expired_framed' : 'session.expired_text')}
        <gw-button slot="action" look="accent" @click=${() => (haBridge.framed ? window.top : window)?.location.reload()}>
          ${t(haBridge.framed ? 'actions.reload' : 'login.submit')}
        </gw-button>
      </gw-empty>
    </main>`;
  }

  async #onSession(): Promise<void> {
    const state = this.#store.state;
    if (state.is === 'in') {
      this.session = state.session;
      this.#startLive();
      await showCurrency();
      await this.#show();
    } else {
      this.#stopLive();
      this._page = null;
    }
    this.requestUpdate();
  }

  #startLive(): void {
    this.#endLive ??= live.listen({
      topics: [],
      onEvent: () => undefined,
      onPoll: () => undefined,
      onState: (state) => this.#onLive(state),
    });
    live.start();
  }

  #stopLive(): void {
    live.stop();
    this.#endLive?.();
    this.#endLive = null;
  }

  #onLive(state: LiveState): void {
    const text = t('connection.lost');
    if (state === 'polling') toast(text, { stays: true });
    if (state === 'live') dismissToast(text);
  }

  async #onAddress(): Promise<void> {
    const before = this._match?.route;
    this._match = matchRoute(router.location.path);
    if (this.#store.state.is === 'in') await this.#show();
    if (before === this._match?.route) return;
    window.scrollTo(0, 0);
    await this.updateComplete;
    this.#focusContent();
  }

  /** Puts the page of the address in place: the one that stands there is told the new address, another one is made. */
  async #show(): Promise<void> {
    const match = this._match;
    this._failed = '';
    if (!match) {
      this._page = null;
      this._header = {};
      document.title = `${t('states.not_found')} - ${t('app.name')}`;
      return;
    }
    const { route, params } = match;
    try {
      await route.load();
    } catch {
      this._failed = t('states.new_version');
      return;
    }
    if (this._match !== match) return;
    if (this._page?.localName !== route.tag) {
      this._header = {};
      this._page = document.createElement(route.tag) as GwPage;
      document.title = `${t(route.title)} - ${t('app.name')}`;
    }
    this._page.params = params;
    this._page.location = router.location;
  }

  #onHeader(event: CustomEvent<PageHeader>): void {
    event.stopPropagation();
    this._header = event.detail;
    if (event.detail.title) document.title = `${event.detail.title} - ${t('app.name')}`;
  }

  #focusContent(): void {
    this.renderRoot.querySelector('main')?.focus({ preventScroll: true });
  }
}

/** Amounts stand in US dollars where the gateway does not tell. */
async function showCurrency(): Promise<void> {
  const display = await readDisplay().catch(() => null);
  if (display) useCurrency(display.currency, Number(display.exchange_rate));
}
