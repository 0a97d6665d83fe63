import { consume } from '@lit/context';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { readSummary } from '../../api/overview.ts';
import type { Session } from '../../api/session.ts';
import { plainText, readSettings, type Settings } from '../../api/settings.ts';
import { pageState } from '../../components/page-states.ts';
import { useCurrency } from '../../format/currency.ts';
import { Live } from '../../live/live.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { text, whole } from '../../router/query.ts';
import { isAdmin, seesAll, sessionContext } from '../../session/session-context.ts';
import { base, layout } from '../../theme/base.ts';
import type { ChangesShown, GwChangesCard } from './gw-changes-card.ts';
import './gw-about-card.ts';
import './gw-budget-card.ts';
import './gw-changes-card.ts';
import './gw-display-card.ts';
import './gw-general-card.ts';
import './gw-home-card.ts';
import './gw-person-card.ts';
import './gw-routing-card.ts';

const FIELDS = { page: whole(1), kind: text(), action: text(), change: text() };
/** The person of the master key and of the panel's administrator is nobody with a name and a password of their own. */
const ADMINISTRATOR = 'default_user_id';

/** What can be set, where each value comes from, and who changed it. Others than administrators see themselves. */
@customElement('gw-settings-page')
export class GwSettingsPage extends GwPage {
  static override styles = [
    base,
    layout,
    css`
      .stack {
        max-inline-size: 720px;
        margin-inline: auto;
      }
      .page-grid > .stack {
        max-inline-size: none;
        margin-inline: 0;
      }
      .across {
        grid-column: 1 / -1;
      }
      @media (max-width: 870px) {
        .page-grid > .stack {
          display: contents;
        }
        .third {
          order: 1;
        }
        .across {
          order: 2;
        }
        .end-of-all {
          order: 3;
        }
      }
    `,
  ];

  @consume({ context: sessionContext, subscribe: true }) @state() private _session?: Session;
  readonly #settings = new PageData(this, {
    args: () => [this._session !== undefined && seesAll(this._session)] as const,
    load: async ([all], signal) => (all ? readSettings(signal) : null),
  });
  readonly #summary = new PageData(this, {
    args: () => [this._session !== undefined && seesAll(this._session)] as const,
    load: async ([all], signal) => (all ? readSummary(signal) : null),
  });
  readonly live = new Live(this, {
    topics: ['state', 'spend'],
    onEvent: ({ topic }) => (topic === 'state' ? this.#reload() : this.#summary.reload()),
    onPoll: () => this.#reload(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('gw-settings-changed', this.#reload);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('gw-settings-changed', this.#reload);
    super.disconnectedCallback();
  }

  override render() {
    const session = this._session;
    if (!session) return nothing;
    if (!seesAll(session)) return html`<div class="content wide">${this.#own(session)}</div>`;
    return html`<div class="content wide">
        ${pageState(this.#settings, (settings) => (settings ? this.#all(settings, session) : nothing))}
      </div>
      ${this.#change()}`;
  }

  #own(session: Session) {
    return html`<div class="stack">
      <gw-person-card .session=${session}></gw-person-card><gw-about-card .session=${session}></gw-about-card>
    </div>`;
  }

  #all(settings: Settings, session: Session) {
    followCurrency(settings);
    const readOnly = !isAdmin(session);
    const person =
      session.user_id === ADMINISTRATOR || session.login_method === 'ingress'
        ? nothing
        : html`<gw-person-card .session=${session}></gw-person-card>`;
    return html`<div class="page-grid even">
      <div class="stack">
        <gw-general-card .settings=${settings} .session=${session} ?read-only=${readOnly}></gw-general-card>
        ${person}
        <gw-home-card ?read-only=${readOnly}></gw-home-card>
        <gw-display-card class="third" .settings=${settings} ?read-only=${readOnly}></gw-display-card>
        <gw-about-card class="end-of-all" .session=${session}></gw-about-card>
      </div>
      <div class="stack">
        <gw-budget-card .settings=${settings} .budget=${this.#summary.value?.budget} ?read-only=${readOnly}></gw-budget-card>
        <gw-routing-card .settings=${settings} ?read-only=${readOnly}></gw-routing-card>
      </div>
      <gw-changes-card class="across" .asked=${this.#shown} @gw-show=${this.#onShow}></gw-changes-card>
    </div>`;
  }

  get #shown(): ChangesShown {
    const { page, kind, action } = this.query(FIELDS);
    return { page, kind, action };
  }

  /** The change whose id is in the address, above the page. */
  #change() {
    const { change } = this.query(FIELDS);
    if (change === '') return nothing;
    void import('./change-dialog.ts');
    return html`<gw-change-dialog .changeId=${change} @gw-close=${() => this.setQuery(FIELDS, { change: '' })}></gw-change-dialog>`;
  }

  #onShow({ detail }: CustomEvent<Partial<ChangesShown>>): void {
    this.setQuery(FIELDS, detail);
  }

  readonly #reload = (): void => {
    this.#settings.reload();
    this.#summary.reload();
    this.renderRoot.querySelector<GwChangesCard>('gw-changes-card')?.reload();
  };
}

/** A changed currency shows at once. */
function followCurrency(settings: Settings): void {
  const valueOf = (name: string) => settings.get(`general_settings.${name}`)?.field_value;
  useCurrency(plainText(valueOf('display_currency')), Number(plainText(valueOf('display_exchange_rate'))));
}
