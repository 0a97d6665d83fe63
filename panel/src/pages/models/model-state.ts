import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DeploymentState } from '../../api/providers.ts';
import type { StateKind } from '../../components/gw-state.ts';
import { dateTime, duration, relative } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import '../../components/gw-state.ts';

const LOOKS: Readonly<Record<DeploymentState['state'], StateKind>> = {
  ok: 'good',
  degraded: 'warn',
  cooldown: 'warn',
  down: 'bad',
  unknown: 'off',
};

/** How a model is: icon and word, the reason in the tooltip. A pause counts down while it is seen. */
@customElement('gw-model-state')
export class GwModelState extends LitElement {
  @property({ attribute: false }) state!: DeploymentState;
  @property({ type: Boolean }) compact = false;
  #timer = 0;

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override updated(): void {
    const counts = this.#pausedMs > 0;
    if (counts && this.#timer === 0) this.#timer = window.setInterval(() => this.requestUpdate(), 1000);
    if (!counts) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
  }

  override render() {
    const kind = this.state.blocked ? 'blocked' : LOOKS[this.#now];
    return html`<gw-state kind=${kind} label=${this.#word} ?compact=${this.compact} title=${reasonOf(this.state)}></gw-state>`;
  }

  /** Milliseconds that a pause still has. */
  get #pausedMs(): number {
    const { state, until } = this.state;
    return state === 'cooldown' && until !== null ? Math.max(0, Date.parse(until) - Date.now()) : 0;
  }

  /** A pause that is over is not known to be more than that. */
  get #now(): DeploymentState['state'] {
    return this.state.state === 'cooldown' && this.#pausedMs === 0 ? 'unknown' : this.state.state;
  }

  get #word(): string {
    if (this.state.blocked) return t('models.state.blocked');
    if (this.#now === 'cooldown') return t('models.state.cooldown', { time: duration(Math.ceil(this.#pausedMs / 1000) * 1000) });
    return t(`models.state.${this.#now}`);
  }
}

/** Why it is as it is, in one line: the provider's own words, and since when. */
export function reasonOf({ blocked, state, reason, since, last_call_at: last }: DeploymentState): string {
  if (blocked) return t('models.state.blocked_reason');
  const words =
    reason ?? (state === 'unknown' ? t('models.state.never') : last === null ? '' : t('models.state.last', { time: relative(last) }));
  return since === null || reason === null ? words : t('models.state.since', { words, time: dateTime(since) });
}
