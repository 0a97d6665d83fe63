import { consume } from '@lit/context';
import { mdiPencil } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { listKeyCalls } from '../../api/key-calls.ts';
import { readKey, readKeyUse, type Key } from '../../api/keys.ts';
import type { Session } from '../../api/session.ts';
import { pageState } from '../../components/page-states.ts';
import { locale } from '../../i18n/locale.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { Slowly } from '../../live/slowly.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { href, router } from '../../router/router.ts';
import { isAdmin, sessionContext } from '../../session/session-context.ts';
import { askReset, edit, raise, type KeyActions } from './key-actions.ts';
import { budgetsOf, keyName } from './key-facts.ts';
import { forecastOf } from './forecast.ts';
import { refusalsOf } from './key-refusals.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-icon-button.ts';
import './key-budget-card.ts';
import './key-calls-card.ts';
import './key-controls-card.ts';
import './key-limits-card.ts';
import './key-models-card.ts';

/** Days of a budget that has no month, week or day: the last thirty. */
const USUAL_DAYS = 30;

/** One key: its budget and where it goes, what stops it, what it may use, its last calls. */
@customElement('gw-key-page')
export class GwKeyPage extends GwPage {
  static override styles = [
    ...GwPage.styles,
    css`
      gw-alert {
        margin-block-end: var(--ha-space-4);
      }
    `,
  ];

  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  #headed: Key | null = null;
  #toldAt = 0;
  readonly #key = new PageData(this, { args: () => [this.#hash] as const, load: ([hash], signal) => readKey(hash, signal) });
  readonly #use = new PageData(this, {
    args: () => [this.#hash, this.#days] as const,
    load: async ([hash, days], signal) => {
      const use = await readKeyUse(hash, locale.timeZone, days, signal);
      this.#toldAt = performance.now();
      return use;
    },
  });
  readonly #calls = new PageData(this, { args: () => [this.#hash] as const, load: ([hash], signal) => listKeyCalls(hash, signal) });
  readonly #slowly = new Slowly(this, () => this.#reload());
  protected readonly live = new Live(this, {
    topics: ['state', 'spend'],
    onEvent: ({ topic }) => (topic === 'state' ? this.#reload() : this.#slowly.ask()),
    onPoll: () => this.#reload(),
  });

  get #hash(): string {
    return this.params['hash'] ?? '';
  }

  /** The days of the budget's running period; the same for as long as the day lasts. */
  get #days(): number {
    const key = this.#key.value;
    const [own] = key && key.max_budget !== null ? budgetsOf(key) : [];
    const forecast = own ? forecastOf(own) : null;
    return forecast && forecast.days >= 7 ? Math.min(40, Math.max(1, forecast.dayNow)) : USUAL_DAYS;
  }

  get #actions(): KeyActions {
    return {
      session: this._session,
      changed: () => this.#reload(),
      replaced: (hash) => router.navigate(href(hash === null ? 'keys' : `keys/${hash}`), { replace: true }),
    };
  }

  override updated(): void {
    const key = this.#key.value;
    if (!key || key === this.#headed) return;
    this.#headed = key;
    const pencil = html`<gw-icon-button
      .path=${mdiPencil}
      label=${t('keys.edit.title')}
      @click=${() => edit(this.#key.value ?? key, this.#actions)}
    ></gw-icon-button>`;
    this.setHeader({ title: keyName(key), ...(this._session.read_only ? {} : { actions: pencil }) });
  }

  override render() {
    return html`<div class="content wide">${pageState(this.#key, (key) => this.#page(key))}</div>`;
  }

  #page(key: Key) {
    const use = this.#use.value;
    const calls = this.#calls;
    return html`${refusalsOf(key, use).map(({ heading, text }) => html`<gw-alert kind="error" heading=${heading}>${text}</gw-alert>`)}
      ${key.short_key ? html`<gw-alert kind="warning" heading=${t('keys.short.heading')}>${t('keys.short.text')}</gw-alert>` : nothing}
      <div class="page-grid flow">
        <div class="stack">
          <gw-key-budget-card class="first" .key=${key} .use=${use} ?changeable=${isAdmin(this._session)}>
            ${isAdmin(this._session) ? this.#budgetActions(key) : nothing}
          </gw-key-budget-card>
          <gw-key-calls-card
            class="last"
            .keyHash=${key.token}
            .calls=${calls.value ?? null}
            .loading=${calls.loading}
            .error=${calls.error}
            @gw-retry=${() => calls.reload()}
          ></gw-key-calls-card>
        </div>
        <div class="stack">
          <gw-key-controls-card class="second" .key=${key} .use=${use} .actions=${this.#actions}></gw-key-controls-card>
          ${pageState(
            this.#use,
            (value) =>
              html`<gw-key-limits-card .use=${value} .toldAt=${this.#toldAt}></gw-key-limits-card>
                <gw-key-models-card .key=${key} .use=${value}></gw-key-models-card>`,
            { tight: true },
          )}
        </div>
      </div>`;
  }

  #budgetActions(key: Key) {
    return html`<gw-button @click=${() => askReset(key, this.#actions)}>${t('keys.menu.reset')}</gw-button>
      ${key.max_budget === null ? nothing : html`<gw-button @click=${() => raise(key, this.#actions)}>${t('keys.raise.title')}</gw-button>`}`;
  }

  #reload(): void {
    this.#key.reload();
    this.#use.reload();
    this.#calls.reload();
  }
}
