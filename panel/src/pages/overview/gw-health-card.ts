import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Summary } from '../../../../src/contract/panel/summary.ts';
import type { ProviderState } from '../../api/overview.ts';
import { providerName } from '../../api/provider-names.ts';
import '../../components/gw-card.ts';
import '../../components/gw-provider.ts';
import '../../components/gw-state.ts';
import type { StateKind } from '../../components/gw-state.ts';
import { percent } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { t, type TextKey } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { healthOf, type Health } from './problems.ts';
import './gw-uptime.ts';

type ProviderDay = Summary['last_24_hours']['providers'][number];

const LOOKS: Readonly<Record<Health, { kind: StateKind; text: TextKey }>> = {
  good: { kind: 'good', text: 'overview.health_good' },
  unsteady: { kind: 'warn', text: 'overview.health_unsteady' },
  down: { kind: 'bad', text: 'overview.health_down' },
  paused: { kind: 'warn', text: 'overview.health_paused' },
  unknown: { kind: 'waiting', text: 'overview.health_unknown' },
};

/** Who is ill: one row a provider with its last 24 hours. */
@customElement('gw-health-card')
export class GwHealthCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .line {
        gap: var(--ha-space-3);
        margin-block-start: 4px;
      }
      .time {
        inline-size: 96px;
        text-align: end;
      }
    `,
  ];

  @property({ attribute: false }) providers: readonly ProviderDay[] = [];

  /** What the router knows of them since its start. */
  @property({ attribute: false }) states: readonly ProviderState[] = [];

  override render() {
    return html`<gw-card heading=${t('overview.health')} flush>
      <span slot="action" class="small secondary">${t('overview.health_note')}</span>
      <div class="list-end">${this.providers.map((provider) => this.#row(provider))}</div>
    </gw-card>`;
  }

  #row(provider: ProviderDay) {
    const { provider: id, requests, failed, hours, average_first_token_ms: token, average_duration_ms: whole } = provider;
    const state = this.states.find((one) => one.id === id);
    const health = healthOf(provider, state);
    const { kind, text } = LOOKS[health];
    const time = token ?? whole;
    const shown = health === 'down' ? t('overview.no_answer') : time === null ? '' : duration(time);
    return html`<a class="list-row two" href=${href('models', { provider: id })}>
      <gw-provider provider=${id} name=${providerName(id)}></gw-provider>
      <div class="grow">
        <div class="spread">
          <span class="ellipsis">${providerName(id)}</span
          ><gw-state kind=${kind} label=${t(text)} title=${state?.reason ?? nothing}></gw-state>
        </div>
        <div class="row line">
          <gw-uptime class="grow" .hours=${hours}></gw-uptime><span class="small secondary number time"><bdi>${shown}</bdi></span>
        </div>
        <span class="visually-hidden"
          >${requests === 0 ? '' : t('overview.answered_share', { share: percent(1 - failed / requests) })}</span
        >
      </div>
    </a>`;
  }
}
