import { mdiChevronDown, mdiChevronUp, mdiEyeOffOutline, mdiFileQuestionOutline } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { readCall, type ExplainedCall } from '../../api/calls.ts';
import { providerNames } from '../../api/provider-names.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-code.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-expander.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-icon.ts';
import { pageState } from '../../components/page-states.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { Narrow } from '../../narrow.ts';
import { PageData } from '../../page-data.ts';
import { GwPage } from '../../page.ts';
import { href, router } from '../../router/router.ts';
import { neighboursOf, type Neighbours } from './call/neighbours.ts';
import './call/gw-call-cost.ts';
import './call/gw-call-facts.ts';
import './call/gw-call-way.ts';
import { failureName, failureOf } from './failure.ts';
import { FIELDS } from './list/call-fields.ts';

interface Shown {
  readonly call: ExplainedCall;
  readonly neighbours: Neighbours;
}

/** One call: what it cost and why, what happened, whose it was. */
@customElement('gw-call-page')
export class GwCallPage extends GwPage {
  static override styles = [
    ...GwPage.styles,
    css`
      .words {
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      .prompts {
        align-items: flex-start;
        gap: var(--ha-space-3);
      }
    `,
  ];

  readonly #call = new PageData<Shown | null, readonly [string, string]>(this, {
    args: () => [this.params['id'] ?? '', this.location.query.toString()],
    load: ([id], signal) => this.#load(id, signal),
  });
  readonly #narrow = new Narrow(this);
  readonly #providers = new PageData(this, { args: () => [] as const, load: providerNames });

  override render() {
    return pageState(this.#call as PageData<Shown | null>, (shown) => (shown ? this.#page(shown.call) : this.#unknown()));
  }

  override updated(): void {
    const shown = this.#call.value;
    this.setHeader({
      title: shown ? this.#title(dateTime(shown.call.startTime)) : t('call.title'),
      back: href('logs', this.location.query),
      ...(shown ? { actions: this.#arrows(shown.neighbours) } : {}),
    });
  }

  #title(time: string): string {
    return this.#narrow.matches ? time : t('call.heading', { time });
  }

  async #load(id: string, signal: AbortSignal): Promise<Shown | null> {
    const call = await readCall(id, signal);
    if (!call) return null;
    const neighbours = await neighboursOf(call, this.query(FIELDS), signal).catch(() => NO_NEIGHBOURS);
    return { call, neighbours };
  }

  #page(call: ExplainedCall) {
    const providers = this.#providers.value ?? new Map<string, string>();
    return html`<div class="content wide">
      <div class="page-grid">
        <div class="stack">
          ${this.#failure(call)}
          <gw-call-cost .call=${call}></gw-call-cost>
          <gw-call-way .call=${call} .providers=${providers}></gw-call-way>
          ${this.#usage(call)}
        </div>
        <div class="stack">
          <gw-call-facts .call=${call} .providers=${providers}></gw-call-facts>
          ${this.#prompts()}
        </div>
      </div>
    </div>`;
  }

  /** What went wrong, in the words of who said it. */
  #failure(call: ExplainedCall) {
    const failure = failureOf(call);
    if (!failure) return nothing;
    return html`<gw-alert kind="error" heading=${failureName(call)}><div class="words">${failure.message}</div></gw-alert>`;
  }

  #usage({ explanation: { usage, marks, attempts } }: ExplainedCall) {
    const untold = attempts.length === 0 && !marks.shortened && !marks.recovered ? 'call.usage_refused' : 'call.usage_none';
    const words = marks.usage_estimated ? 'call.usage_estimated' : untold;
    return html`<gw-card heading=${t('call.usage')}>
      ${
        usage === null || usage === undefined
          ? html`<p class="secondary">${t(words)}</p>`
          : html`<gw-expander heading=${t('call.usage_show')}>
              <gw-code label=${t('call.usage')} text=${JSON.stringify(usage, null, 2)}></gw-code>
            </gw-expander>`
      }
    </gw-card>`;
  }

  #prompts() {
    return html`<gw-card heading=${t('call.prompts')}>
      <div class="row prompts secondary">
        <gw-icon .path=${mdiEyeOffOutline}></gw-icon>
        <p class="grow">${t('call.prompts_text')}</p>
      </div>
    </gw-card>`;
  }

  #unknown() {
    return html`<gw-empty .icon=${mdiFileQuestionOutline} heading=${t('call.unknown')}>
      ${t('call.unknown_text')}
      <gw-button slot="action" look="filled" href=${href('logs', this.location.query)}>${t('call.to_list')}</gw-button>
    </gw-empty>`;
  }

  #arrows({ newer, older }: Neighbours) {
    const arrow = (id: string | null, path: string, label: string) =>
      html`<gw-icon-button .path=${path} label=${label} ?disabled=${id === null} @click=${() => id && this.#step(id)}></gw-icon-button>`;
    return html`${arrow(newer, mdiChevronUp, t('call.newer'))}${arrow(older, mdiChevronDown, t('call.older'))}`;
  }

  /** One call on, within the same list; the back arrow still leads to the list. */
  #step(id: string): void {
    router.navigate(href(`logs/${encodeURIComponent(id)}`, this.location.query), { replace: true });
  }
}

const NO_NEIGHBOURS: Neighbours = { newer: null, older: null };
