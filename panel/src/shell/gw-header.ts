import { mdiArrowLeft, mdiDotsHorizontal, mdiMenu, mdiBookOpenPageVariantOutline, mdiLogout } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { apiUrl } from '../api/client.ts';
import type { Session } from '../api/session.ts';
import type { MenuItem } from '../components/gw-menu.ts';
import '../components/gw-icon-button.ts';
import '../components/gw-menu.ts';
import { haBridge } from '../ha-bridge.ts';
import { t } from '../i18n/texts.ts';
import { Narrow } from '../narrow.ts';
import type { PageHeader } from '../page.ts';
import { TABS, type PageRoute } from '../router/routes.ts';
import { href } from '../router/router.ts';
import { base } from '../theme/base.ts';
import { headerStyles } from './header-styles.ts';
import './gw-more-sheet.ts';

/** Tabs that stay in the bottom bar; the rest is behind More. */
const IN_BAR = 4;

/** The header: tabs in its middle, or as a bar at the bottom when narrow; on a page under a page a back arrow and its title. */
@customElement('gw-header')
export class GwHeader extends LitElement {
  static override styles = [base, headerStyles, css``];

  @property({ attribute: false }) route: PageRoute | null = null;
  @property() path = '';
  @property({ attribute: false }) content: PageHeader = {};
  @property({ attribute: false }) session: Session | null = null;
  @state() private _more = false;
  readonly #narrow = new Narrow(this);

  get #subpage(): boolean {
    return this.route !== null && this.route.path !== this.route.tab;
  }

  override render() {
    const { route, content } = this;
    const title = content.title ?? (route ? t(route.title) : t('states.not_found'));
    const subpage = this.#subpage || route === null;
    return html`<header class=${subpage ? 'subpage' : ''}>
        <div class="start">
          ${this.#menuButton()}
          ${subpage ? html`<gw-icon-button mirrored .path=${mdiArrowLeft} label=${t('actions.back')} href=${content.back ?? href(route?.tab ?? '')}></gw-icon-button>` : nothing}
          ${
            this.#narrow.matches && content.narrow
              ? html`<h1 class="visually-hidden">${title}</h1>
                  <div class="grow">${content.narrow}</div>`
              : html`<h1 class=${subpage ? 'title' : 'title in-tabs'}>${title}</h1>`
          }
        </div>
        ${subpage ? nothing : this.#tabs()}
        <div class="end">${content.actions ?? nothing}${this.#menu()}</div>
      </header>
      <gw-more-sheet .open=${this._more} .current=${route?.tab ?? ''} @gw-close=${() => (this._more = false)}></gw-more-sheet>`;
  }

  #menuButton() {
    if (!haBridge.needsMenuButton) return nothing;
    return html`<gw-icon-button .path=${mdiMenu} label=${t('header.menu')} @click=${() => haBridge.toggleMenu()}></gw-icon-button>`;
  }

  #tabs() {
    const more = TABS.slice(IN_BAR).some(({ path }) => path === this.route?.tab);
    return html`<nav aria-label=${t('header.pages')} @keydown=${this.#onKey}>
      ${TABS.map(({ path, label, icon }, index) => {
        const current = path === this.route?.tab;
        return html`<a class="tab ${index >= IN_BAR ? 'extra' : ''}" href=${href(path)} aria-current=${current ? 'page' : nothing}>
          <gw-icon .path=${icon}></gw-icon><span>${t(label)}</span>
        </a>`;
      })}
      <button
        type="button"
        class="tab more ${more ? 'current' : ''}"
        aria-haspopup="dialog"
        aria-expanded=${this._more}
        @click=${() => (this._more = true)}
      >
        <gw-icon .path=${mdiDotsHorizontal}></gw-icon><span>${t('tabs.more')}</span>
      </button>
    </nav>`;
  }

  #menu() {
    const session = this.session;
    if (!session) return nothing;
    const items: MenuItem[] = [
      {
        label: t('header.api_reference'),
        icon: mdiBookOpenPageVariantOutline,
        action: () => window.open(apiUrl(''), '_blank', 'noopener,noreferrer'),
      },
    ];
    if (!haBridge.framed) items.push({ label: t('header.log_out'), icon: mdiLogout, action: () => this.#logOut() });
    const name = session.user_email ?? session.user_id;
    const words = [name, ...(session.read_only ? [t('header.read_only')] : []), t('header.version', { version: session.version })];
    return html`<gw-menu label=${t('header.more')} .items=${items} .words=${words}></gw-menu>`;
  }

  #logOut(): void {
    this.dispatchEvent(new CustomEvent('gw-log-out', { bubbles: true, composed: true }));
  }

  /** Arrows walk the tabs; Tab goes on to the page. */
  #onKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const tabs = [...this.renderRoot.querySelectorAll<HTMLElement>('.tab')].filter(
      (tab) => tab.offsetParent !== null || tab.offsetWidth > 0,
    );
    const index = tabs.findIndex((tab) => tab === (this.renderRoot as ShadowRoot).activeElement);
    const turned = this.matches(':dir(rtl)') ? -step : step;
    event.preventDefault();
    tabs[(index + turned + tabs.length) % tabs.length]?.focus();
  }
}
