import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExplainedCall } from '../../../api/calls.ts';
import '../../../components/gw-badge.ts';
import '../../../components/gw-card.ts';
import '../../../components/gw-copy.ts';
import '../../../components/gw-facts.ts';
import type { Fact } from '../../../components/gw-facts.ts';
import { dateTime, duration } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { href } from '../../../router/router.ts';
import { base } from '../../../theme/base.ts';
import { keyNameOf, routeOf } from '../call-words.ts';
import '../list/gw-call-result.ts';

/** What a call was: model, key, person, where it came from, and its id. */
@customElement('gw-call-facts')
export class GwCallFacts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .tags {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--ha-space-1);
        justify-content: flex-end;
      }
      hr {
        margin-block: var(--ha-space-4);
      }
      .id {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) call: ExplainedCall | null = null;
  @property({ attribute: false }) providers: ReadonlyMap<string, string> = new Map();

  override render() {
    const { call } = this;
    if (!call) return nothing;
    return html`<gw-card heading=${t('call.title')}>
      <gw-facts .facts=${this.#facts(call).filter(({ value }) => value !== null && value !== '')}></gw-facts>
      <hr />
      ${this.#id(t('call.request_id'), call.request_id)}
      ${call.call_id === call.request_id ? nothing : this.#id(t('call.client_id'), call.call_id)}
    </gw-card>`;
  }

  #facts(call: ExplainedCall): Fact[] {
    const { explanation, custom_llm_provider: provider, end_user: endUser } = call;
    const { first_token_ms: first } = explanation.timings;
    return [
      { label: t('logs.columns.result'), value: html`<gw-call-result .call=${call}></gw-call-result>` },
      { label: t('call.started'), value: dateTime(call.startTime) },
      { label: t('logs.columns.model'), value: this.#modelLink(explanation.requested_model) },
      { label: t('call.answered_by'), value: call.status === 'success' ? this.#providerLink(provider) : null },
      { label: t('call.model_there'), value: call.model },
      { label: t('logs.columns.key'), value: html`<a href=${href(`keys/${call.api_key}`)}>${keyNameOf(call)}</a>` },
      { label: t('logs.filters.person'), value: call.user ? listLink('person', call.user) : null },
      { label: t('call.end_user'), value: endUser },
      { label: t('logs.filters.session'), value: call.session_id ? listLink('session', call.session_id) : null },
      { label: t('logs.filters.tags'), value: call.request_tags.length > 0 ? tagLinks(call.request_tags) : null },
      { label: t('call.from'), value: call.requester_ip_address },
      { label: t('call.route'), value: routeOf(call) ? html`<span class="mono" dir="ltr">${routeOf(call)}</span>` : null },
      { label: t('call.streamed'), value: t(explanation.streamed ? 'call.yes' : 'call.no') },
      { label: t('call.first_token'), value: first === null ? null : duration(first) },
    ];
  }

  #modelLink(model: string) {
    return model ? html`<a href=${href('models', { search: model })}>${model}</a>` : null;
  }

  #providerLink(provider: string) {
    return provider ? html`<a href=${href('models', { provider })}>${this.providers.get(provider) ?? provider}</a>` : null;
  }

  #id(label: string, id: string) {
    return html`<div class="row-note">${label}</div>
      <div class="row">
        <span class="mono grow id" dir="ltr">${id}</span><gw-copy text=${id} label=${t('call.copy', { name: label })}></gw-copy>
      </div>`;
  }
}

/** To the list, of all of the last 30 days that have the same. */
const listLink = (name: 'person' | 'session' | 'tags', value: string) =>
  html`<a href=${href('logs', { range: '30d', [name]: value })}>${value}</a>`;

const tagLinks = (tags: readonly string[]) => html`<span class="tags">${tags.map((tag) => listLink('tags', tag))}</span>`;
