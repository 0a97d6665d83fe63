import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { setStyle } from '../theme/set-style.ts';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import { labelled, scaleTo } from './chart-scale.ts';
import { seriesColor } from './series-color.ts';

export interface BarSeries {
  readonly id: string;
  readonly name: string;
  /** Sum over the whole chart, as it stands in the legend; from the server. */
  readonly total?: string;
  /** Another color than its own. */
  readonly color?: string;
}

export interface Bar {
  readonly id: string;
  /** Below the axis: `Nov 1`, `5`. */
  readonly label: string;
  /** Spoken and in the tooltip: `Thursday, Nov 5`. */
  readonly name: string;
  /** By id of a series. */
  readonly values: Readonly<Record<string, number>>;
  readonly faded?: boolean;
  readonly strong?: boolean;
}

/**
 * Stacked bars, one a day. The legend below switches series; arrow keys walk the bars, and the value of the bar in focus is spoken and shown;
 * Enter fires `gw-bar`. A table twin for screen readers holds the same numbers.
 */
@customElement('gw-bars')
export class GwBars extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      figure {
        position: relative;
        direction: ltr;
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        column-gap: var(--ha-space-2);
      }
      svg {
        display: block;
        overflow: visible;
        inline-size: 100%;
      }
      .axis {
        inline-size: var(--axis, 44px);
      }
      text {
        font: 400 12px var(--ha-font-family-body);
        fill: var(--primary-text-color);
      }
      text.strong {
        font-weight: var(--ha-font-weight-medium);
      }
      .grid {
        stroke: var(--divider-color);
        stroke-width: 1;
      }
      .pace {
        stroke: var(--secondary-text-color);
        stroke-width: 1;
        stroke-dasharray: 4 3;
      }
      rect.part {
        rx: 2px;
      }
      .bar {
        cursor: pointer;
        outline: 0;
      }
      .bar:focus-visible .hit {
        stroke: var(--primary-color);
        stroke-width: 2px;
        rx: 4px;
      }
      .hit {
        fill: transparent;
      }
      .bar:hover .hit,
      .bar:focus-visible .hit {
        fill: var(--gw-row-hover);
      }
      .faded {
        opacity: 0.4;
      }
      .tooltip {
        position: absolute;
        z-index: 2;
        inset-block-start: 0;
        min-inline-size: 168px;
        max-inline-size: 240px;
        padding: var(--ha-space-2) var(--ha-space-3);
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
        box-shadow: var(--ha-box-shadow-m);
        font-size: var(--ha-font-size-s);
        line-height: 20px;
        pointer-events: none;
      }
      .tooltip .spread {
        gap: var(--ha-space-3);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ha-space-1);
        margin-block-start: var(--ha-space-2);
        margin-inline: -8px;
      }
      .legend button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        block-size: 32px;
        padding-inline: var(--ha-space-2);
        border-radius: var(--ha-border-radius-md);
        font-size: var(--ha-font-size-s);
        line-height: 16px;
      }
      .legend button:hover {
        background: var(--gw-row-hover);
      }
      .legend .number {
        color: var(--secondary-text-color);
      }
      .swatch {
        display: inline-block;
        flex: none;
        inline-size: 12px;
        block-size: 12px;
        border-radius: 3px;
        border: 2px solid var(--c);
        background: var(--c);
      }
      .legend [aria-pressed='false'] {
        color: var(--secondary-text-color);
        text-decoration: line-through;
      }
      .legend [aria-pressed='false'] .swatch {
        background: none;
      }
      @media (forced-colors: active) {
        rect,
        .swatch {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) series: readonly BarSeries[] = [];
  @property({ attribute: false }) bars: readonly Bar[] = [];
  /** How a value is written in tooltip and table. */
  @property({ attribute: false }) format: (value: number) => string = String;
  /** How a gridline is written; all with the same decimals. */
  @property({ attribute: false }) tick: (value: number, step: number) => string = (value) => String(value);
  /** A dashed line across, the pace of a budget. */
  @property({ attribute: false }) pace: number | null = null;
  @property({ type: Number }) height = 220;
  @property({ type: Boolean, attribute: 'no-legend' }) noLegend = false;
  @state() private _hidden: ReadonlySet<string> = new Set();
  @state() private _shown: number | null = null;
  @state() private _at = 0;
  @state() private _width = 640;
  readonly #observer = new ResizeObserver(([entry]) => (this._width = entry?.contentRect.width ?? this._width));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.#observer.disconnect();
    super.disconnectedCallback();
  }

  override render() {
    const visible = this.series.filter(({ id }) => !this._hidden.has(id));
    const totals = this.bars.map(({ values }) => visible.reduce((sum, { id }) => sum + (values[id] ?? 0), 0));
    const scale = scaleTo(Math.max(0, ...totals, this.pace ?? 0));
    const plot = this.height - 24;
    const y = (value: number) => plot - 0.5 - (value / scale.top) * (plot - 4);
    const axis = Math.max(...scale.ticks.map((tick) => this.tick(tick, scale.step).length)) * 7 + 2;
    return html`<figure aria-label=${this.label} ${setStyle({ '--axis': `${axis}px` })} @pointerleave=${() => (this._shown = null)}>
        <svg class="axis" height=${this.height} aria-hidden="true">
          ${scale.ticks.map((tick) => svg`<text x=${axis} y=${y(tick) + 4} text-anchor="end">${this.tick(tick, scale.step)}</text>`)}
        </svg>
        <svg height=${this.height} role="listbox" aria-label=${this.label} aria-orientation="horizontal" @keydown=${this.#onKey}>
          ${scale.ticks.map((tick) => svg`<line class="grid" x1="0" x2="100%" y1=${y(tick)} y2=${y(tick)}></line>`)}
          ${this.bars.map((bar, index) => this.#bar(bar, index, visible, totals[index] ?? 0, y, plot))}
          ${this.pace === null ? nothing : svg`<line class="pace" x1="0" x2="100%" y1=${y(this.pace)} y2=${y(this.pace)}></line>`}
          ${this.#labels()}
        </svg>
        ${this._shown === null ? nothing : this.#tooltip(this._shown, visible, totals)}
      </figure>
      ${this.noLegend ? nothing : this.#legend()}`;
  }

  #bar(bar: Bar, index: number, visible: readonly BarSeries[], total: number, y: (value: number) => number, plot: number) {
    const slot = 100 / this.bars.length;
    let below = 0;
    const parts = visible.map(({ id, color }) => {
      const value = bar.values[id] ?? 0;
      if (value <= 0) return nothing;
      const bottom = y(below);
      below += value;
      const height = Math.max(0.8, bottom - y(below) - 1);
      return svg`<rect class="part" x="${index * slot + slot * 0.16}%" width="${slot * 0.68}%" y=${bottom - height - 0.5} height=${height} fill=${color ?? seriesColor(id)}></rect>`;
    });
    return svg`<g
      class="bar ${bar.faded ? 'faded' : ''}"
      role="option"
      aria-selected=${index === this._at ? 'true' : 'false'}
      tabindex=${index === this._at ? 0 : -1}
      aria-label="${bar.name}: ${this.format(total)}"
      @pointerenter=${() => (this._shown = index)}
      @focus=${() => this.#focused(index)}
      @blur=${() => (this._shown = null)}
      @click=${() => this.#pick(bar)}
    ><rect class="hit" x="${index * slot}%" width="${slot}%" y="0" height=${plot}></rect>${parts}</g>`;
  }

  #labels() {
    const slot = 100 / this.bars.length;
    const marks = labelled(this.bars.length, Math.max(2, Math.floor(this._width / 64)));
    const fits = (index: number) =>
      !this.bars.some(({ strong }, other) => strong && other !== index && Math.abs(other - index) * (this._width / this.bars.length) < 44);
    return this.bars.map(({ label, strong }, index) =>
      strong || (marks.has(index) && fits(index))
        ? svg`<text class=${strong ? 'strong' : ''} x="${(index + 0.5) * slot}%" y=${this.height - 4} text-anchor="middle">${label}</text>`
        : nothing,
    );
  }

  #tooltip(index: number, visible: readonly BarSeries[], totals: readonly number[]) {
    const bar = this.bars[index];
    if (!bar) return nothing;
    const middle = (index + 0.5) / this.bars.length;
    const place =
      middle > 0.5
        ? { 'inset-inline-end': `calc(${(1 - middle) * 100}% + 20px)` }
        : { 'inset-inline-start': `calc(${middle * 100}% + 60px)` };
    const parts = visible.filter(({ id }) => (bar.values[id] ?? 0) > 0).toReversed();
    return html`<div class="tooltip" ${setStyle(place)} aria-hidden="true">
      <div class="spread medium"><span>${bar.name}</span><span class="number">${this.format(totals[index] ?? 0)}</span></div>
      ${parts.map(
        ({ id, name, color }) =>
          html`<div class="spread">
            <span class="row"><span class="swatch" ${setStyle({ '--c': color ?? seriesColor(id) })}></span>${name}</span
            ><span class="number">${this.format(bar.values[id] ?? 0)}</span>
          </div>`,
      )}
    </div>`;
  }

  #legend() {
    return html`<div class="legend" role="group" aria-label=${t('chart.legend')}>
      ${this.series.map(
        ({ id, name, total, color }) =>
          html`<button type="button" aria-pressed=${!this._hidden.has(id)} @click=${() => this.#toggle(id)}>
            <span class="swatch" ${setStyle({ '--c': color ?? seriesColor(id) })}></span
            >${name}${total ? html` <span class="number">${total}</span>` : nothing}
          </button>`,
      )}
    </div>`;
  }

  #toggle(id: string): void {
    const hidden = new Set(this._hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this._hidden = hidden;
  }

  #focused(index: number): void {
    this._at = index;
    this._shown = index;
  }

  async #onKey(event: KeyboardEvent): Promise<void> {
    const last = this.bars.length - 1;
    const to = { ArrowRight: this._at + 1, ArrowLeft: this._at - 1, Home: 0, End: last }[event.key];
    const bar = this.bars[this._at];
    if (event.key === 'Enter' && bar) this.#pick(bar);
    if (to === undefined) return;
    event.preventDefault();
    this._at = Math.min(last, Math.max(0, to));
    await this.updateComplete;
    this.renderRoot.querySelector<SVGGElement>('.bar[tabindex="0"]')?.focus();
  }

  #pick({ id }: Bar): void {
    this.dispatchEvent(new CustomEvent('gw-bar', { detail: { id } }));
  }
}
