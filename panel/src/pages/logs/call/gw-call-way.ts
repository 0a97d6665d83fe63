import { mdiAccountArrowRight, mdiAlertCircle, mdiCallSplit, mdiCheckCircle, mdiInformationOutline } from '@mdi/js';
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Attempt, ExplainedCall } from '../../../api/calls.ts';
import { scaleTo } from '../../../components/chart-scale.ts';
import '../../../components/gw-badge.ts';
import '../../../components/gw-card.ts';
import '../../../components/gw-icon.ts';
import { seriesColor } from '../../../components/series-color.ts';
import { count, decimal } from '../../../format/number.ts';
import { duration } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { base } from '../../../theme/base.ts';
import { setStyle } from '../../../theme/set-style.ts';
import { isSecondChoice } from '../call-words.ts';
import { kindName } from '../failure.ts';
import { lanesOf, lengthOf, type Lane } from './way.ts';
import { providerOf, wayInWords } from './way-words.ts';
import { wayStyles } from './way-styles.ts';

const LOOKS = {
  answered: { path: mdiCheckCircle, tone: 'good' },
  failed: { path: mdiAlertCircle, tone: 'bad' },
  left: { path: mdiAccountArrowRight, tone: 'secondary' },
} as const;

/** What happened to a call: its attempts on one axis of time, and in words why it went where it went. */
@customElement('gw-call-way')
export class GwCallWay extends LitElement {
  static override styles = [base, wayStyles];

  @property({ attribute: false }) call: ExplainedCall | null = null;
  @property({ attribute: false }) providers: ReadonlyMap<string, string> = new Map();

  override render() {
    const { call } = this;
    if (!call) return nothing;
    const { explanation } = call;
    const length = lengthOf(explanation);
    const { top, ticks } = scaleTo(length);
    return html`<gw-card heading=${t('call.way.title')}>
      ${isSecondChoice(call) ? html`<gw-badge slot="action" tone="brand" icon=${mdiCallSplit}>${t('logs.second_choice')}</gw-badge>` : nothing}
      <ol class="waterfall" aria-label=${t('call.way.lanes')} ${setStyle({ '--steps': String(ticks.length - 1) })}>
        <li class="axis" aria-hidden="true">
          ${ticks.slice(0, -1).map((tick) => html`<span><bdi>${tick === 0 ? '0' : tickText(tick)}</bdi></span>`)}
        </li>
        ${lanesOf(explanation).map((lane) => this.#lane(lane, top))}
      </ol>
      <div class="total spread medium"><span>${t('call.total')}</span><span class="number">${duration(length)}</span></div>
      <div class="reason">
        <gw-icon size="s" .path=${mdiInformationOutline}></gw-icon>
        <p class="words">${wayInWords(call, this.providers)}</p>
      </div>
    </gw-card>`;
  }

  #lane(lane: Lane, top: number) {
    return html`<li class="lane-row">
      <div class="what">${this.#name(lane)}</div>
      <div class="lane" aria-hidden="true">${partsOf(lane).map((part) => bar(part, top))}</div>
      <div class="time number">${duration(lane.end - lane.start)}</div>
    </li>`;
  }

  #name(lane: Lane) {
    if (lane.kind !== 'attempt')
      return html`<div>${t(`call.way.${lane.kind}`)}</div>
        <div class="row-note">${t(`call.way.${lane.kind}_note`)}</div>`;
    const { path, tone } = LOOKS[lane.attempt.outcome];
    const said = lane.attempt.error_message;
    return html`<div class="provider">
        <gw-icon size="xs" class=${tone} .path=${path} label=${t(`call.outcomes.${lane.attempt.outcome}`)}></gw-icon>
        ${providerOf(lane.attempt, this.providers)}
      </div>
      <div class="row-note">${lane.attempt.model}</div>
      <div class="row-note">${this.#note(lane.attempt, lane)}</div>
      ${said ? html`<div class="row-note said" title=${said}>“${said}”</div>` : nothing}`;
  }

  #note(attempt: Attempt, { first, start, end }: Extract<Lane, { kind: 'attempt' }>): string {
    if (attempt.outcome === 'failed') return [attempt.status, kindName(attempt.error_class ?? '')].filter(Boolean).join(' ');
    if (first === null) return '';
    const told = t('call.way.first_token', { time: duration(first - start) });
    const output = this.call?.completion_tokens ?? 0;
    const seconds = (end - first) / 1000;
    if (this.call?.explanation.streamed !== true || output === 0 || seconds < 0.05) return told;
    return `${told}, ${t('call.way.speed', { number: count(output / seconds) })}`;
  }
}

/** A gridline below ten milliseconds needs its decimals. */
const tickText = (tick: number): string => (tick < 10 && tick % 1 > 0 ? `${decimal(tick, 2)}\u00a0ms` : duration(tick));

interface Part {
  readonly from: number;
  readonly until: number;
  readonly color: string;
  readonly title: string;
}

/** What is drawn of a lane: pale until the first token, solid while answering. */
function partsOf(lane: Lane): Part[] {
  const { start, end } = lane;
  if (lane.kind !== 'attempt') return [part(start, end, lane.kind === 'wait' ? 'var(--gw-track)' : 'var(--secondary-text-color)')];
  if (lane.attempt.outcome === 'failed') return [part(start, end, 'var(--error-color)')];
  const color = seriesColor(lane.attempt.provider);
  if (lane.first === null) return [part(start, end, color)];
  return [part(start, lane.first, `color-mix(in srgb, ${color} 35%, var(--card-background-color))`), part(lane.first, end, color)];
}

const part = (from: number, until: number, color: string): Part => ({ from, until, color, title: duration(Math.max(0, until - from)) });

function bar({ from, until, color, title }: Part, top: number) {
  const share = (value: number) => `${((100 * value) / top).toFixed(2)}%`;
  return html`<i
    title=${title}
    ${setStyle({ 'inset-inline-start': share(from), 'inline-size': share(Math.max(0, until - from)), background: color })}
  ></i>`;
}
