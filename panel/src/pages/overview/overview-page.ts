import { consume } from '@lit/context';
import { mdiAlertCircleOutline, mdiCash, mdiSwapHorizontal, mdiTimerOutline } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Summary } from '../../../../src/contract/panel/summary.ts';
import { foundServers, hasRealModel, providerStates, readSummary, recentCalls, topKeys, type CallRow } from '../../api/overview.ts';
import { loadProviderNames } from '../../api/provider-names.ts';
import type { Session } from '../../api/session.ts';
import { pageState } from '../../components/page-states.ts';
import '../../components/gw-tile.ts';
import { money } from '../../format/money.ts';
import { count, percent } from '../../format/number.ts';
import { seconds } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import type { LiveEvent } from '../../live/live-client.ts';
import { Live } from '../../live/live.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { isAdmin, sessionContext } from '../../session/session-context.ts';
import { base, layout } from '../../theme/base.ts';
import { problemsOf } from './problems.ts';
import type { Setup } from './gw-setup-card.ts';
import './gw-budgets-card.ts';
import './gw-calls-card.ts';
import './gw-health-card.ts';
import './gw-problem.ts';
import './gw-setup-card.ts';
import './gw-spend-card.ts';
import './gw-start-cards.ts';

const CALLS = 9;
/** The sums are asked for again at most so often while calls come in. */
const RELOAD_MS = 5_000;
const HIDDEN = 'llm_gateway.setup_hidden';

/** Am I fine? The month against its budget, today, who is ill, who is close to a limit, the last calls. */
@customElement('gw-overview-page')
export class GwOverviewPage extends GwPage {
  static override styles = [
    base,
    layout,
    css`
      .problems {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-2);
        margin-block-end: var(--ha-space-4);
      }
    `,
  ];

  @consume({ context: sessionContext, subscribe: true }) @state() private _session?: Session;
  @state() private _hidden = localStorage.getItem(HIDDEN) !== null;
  readonly #summary = new PageData(this, {
    args: () => [] as const,
    load: async (_, signal) => (await Promise.all([readSummary(signal), loadProviderNames()]))[0],
  });
  readonly #keys = new PageData(this, { args: () => [] as const, load: (_, signal) => topKeys(signal) });
  readonly #calls = new PageData(this, { args: () => [] as const, load: (_, signal) => recentCalls(CALLS, signal) });
  readonly #models = new PageData(this, { args: () => [] as const, load: (_, signal) => hasRealModel(signal) });
  readonly #states = new PageData(this, { args: () => [] as const, load: (_, signal) => providerStates(signal) });
  readonly #found = new PageData(this, { args: () => [] as const, load: (_, signal) => foundServers(signal) });
  readonly live = new Live(this, {
    topics: ['calls', 'state', 'providers'],
    onEvent: (event) => this.#onEvent(event),
    onPoll: () => this.#reload(),
  });
  #timer = 0;

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    super.disconnectedCallback();
  }

  override render() {
    return html`<div class="content wide">${pageState(this.#summary, (summary) => this.#page(summary))}</div>`;
  }

  #page(summary: Summary) {
    const setup = this.#setup(summary);
    const fresh = summary.month.requests === 0;
    return html`${this.#problems(summary)}
      <div class="page-grid flow">
        <div class="stack">
          ${setup ? html`<gw-setup-card class="first" .setup=${setup} ?closable=${!fresh} @gw-hide=${this.#hide}></gw-setup-card>` : nothing}
          <gw-spend-card class="first" .summary=${summary}></gw-spend-card>
          ${setup && fresh ? nothing : this.#recent()}
        </div>
        <div class="stack">
          ${setup ? html`<gw-start-cards .found=${this.#found.value ?? { looked_at: null, servers: [] }}></gw-start-cards>` : nothing}
          ${setup && fresh ? nothing : this.#side(summary)}
        </div>
      </div>`;
  }

  #problems(summary: Summary) {
    const problems = problemsOf(summary, this.#states.value ?? [], new Date(summary.at).getTime());
    if (problems.length === 0) return nothing;
    return html`<div class="problems">${problems.map((problem) => html`<gw-problem .problem=${problem}></gw-problem>`)}</div>`;
  }

  /** What is left of the first tasks; `null` when there is nothing, or it is not this person's. */
  #setup(summary: Summary): Setup | null {
    const models = this.#models.value;
    const keys = this.#keys.value;
    if (!this._session || !isAdmin(this._session) || this._hidden || models === undefined || keys === undefined) return null;
    const setup = {
      model: models,
      key: keys.total_count > 0,
      budget: (summary.budget?.limit ?? null) !== null,
      call: summary.month.requests > 0,
    };
    return Object.values(setup).every(Boolean) ? null : setup;
  }

  #recent() {
    return html`<div class="last">
      ${pageState(this.#calls, (calls) => html`<gw-calls-card .calls=${calls} .keys=${this.#keys.value?.keys ?? []}></gw-calls-card>`, { tight: true })}
    </div>`;
  }

  #side(summary: Summary) {
    const { providers } = summary.last_24_hours;
    return html`${this.#tiles(summary)}
    ${providers.length > 0 ? html`<gw-health-card .providers=${providers} .states=${this.#states.value ?? []}></gw-health-card>` : nothing}
    ${pageState(this.#keys, ({ keys }) => html`<gw-budgets-card .keys=${keys}></gw-budgets-card>`, { tight: true })}`;
  }

  #tiles({ today, month, last_15_minutes: lately, last_24_hours: lastDay }: Summary) {
    const token = lastDay.average_first_token_ms ?? lastDay.average_duration_ms;
    const slowest = lastDay.average_first_token_ms === null ? lastDay.p95_duration_ms : lastDay.p95_first_token_ms;
    const share = today.requests === 0 ? 0 : today.failed / today.requests;
    return html`<div class="tiles second">
      <gw-tile
        icon=${mdiCash}
        href="usage"
        label=${t('overview.spend_today')}
        value=${money(today.spend)}
        note=${t('overview.average_day', { amount: money(month.spend / Math.max(1, month.days.length)) })}
      ></gw-tile>
      <gw-tile
        icon=${mdiSwapHorizontal}
        href="logs"
        label=${t('overview.requests_today')}
        value=${count(today.requests)}
        note=${t('overview.lately', { count: lately.requests })}
      ></gw-tile>
      <gw-tile
        icon=${mdiAlertCircleOutline}
        href="logs?status=failure"
        label=${t('overview.errors_today')}
        value=${count(today.failed)}
        ?bad=${share >= 0.02 && today.failed > 2}
        note=${t('overview.error_share', { share: percent(share) })}
      ></gw-tile>
      <gw-tile
        icon=${mdiTimerOutline}
        href="usage"
        label=${t(lastDay.average_first_token_ms === null ? 'overview.answer_time' : 'overview.first_token')}
        value=${token === null ? t('overview.none') : seconds(token)}
        unit=${token === null ? '' : 's'}
        note=${slowest === null ? t('overview.no_timing') : t('overview.most_within', { time: `${seconds(slowest)} s` })}
      ></gw-tile>
    </div>`;
  }

  #hide(): void {
    localStorage.setItem(HIDDEN, '1');
    this._hidden = true;
  }

  #onEvent({ topic, data }: LiveEvent): void {
    if (topic === 'calls') this.#add(data);
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#summary.reload();
      this.#keys.reload();
      this.#states.reload();
      if (topic === 'state') this.#models.reload();
    }, RELOAD_MS);
  }

  /** Finished calls come as rows of the list, one or several. */
  #add(data: unknown): void {
    const rows = (Array.isArray(data) ? data : [data]) as readonly CallRow[];
    const known = new Set(rows.map(({ request_id: id }) => id));
    this.#calls.set((calls) => [...rows, ...calls.filter(({ request_id: id }) => !known.has(id))].slice(0, CALLS));
  }

  #reload(): void {
    for (const data of [this.#summary, this.#keys, this.#calls, this.#models, this.#states]) data.reload();
  }
}
