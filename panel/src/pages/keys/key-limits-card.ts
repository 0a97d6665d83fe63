import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import { Ticking } from '../../components/ticking.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import '../../components/gw-bar.ts';
import '../../components/gw-card.ts';

/** How far the limits of the running minute are used. */
@customElement('gw-key-limits-card')
export class GwKeyLimitsCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      [slot='action'] {
        padding-inline-end: var(--ha-space-2);
      }
      gw-bar {
        margin-block-start: 6px;
      }
    `,
  ];

  @property({ attribute: false }) use!: KeyUse;
  /** `performance.now()` at which it was told. */
  @property({ attribute: false }) toldAt = 0;

  constructor() {
    super();
    this.addController(new Ticking(this));
  }

  override render() {
    const { calls, tokens, at_once: atOnce } = this.use.minute;
    const ends = Math.max(0, ...[calls.ends_in_ms, tokens.ends_in_ms].map((ms) => ms ?? 0)) - (performance.now() - this.toldAt);
    const over = ends <= 0;
    const running = over ? { calls: 0, tokens: 0 } : { calls: calls.used, tokens: tokens.used };
    return html`<gw-card heading=${t('keys.minute')}>
      ${over ? nothing : html`<span slot="action" class="small secondary number">${t('keys.new_minute', { seconds: Math.ceil(ends / 1000) })}</span>`}
      <div class="stack">
        ${limit(t('keys.form.calls'), running.calls, calls.limit)} ${limit(t('keys.form.tokens'), running.tokens, tokens.limit)}
        ${limit(t('keys.calls_at_once'), atOnce.used, atOnce.limit)}
      </div>
    </gw-card>`;
  }
}

function limit(label: string, used: number, most: number | null) {
  const words = most === null ? t('keys.limit_none', { used: count(used) }) : t('keys.limit_of', { used: count(used), most: count(most) });
  return html`<div>
    <div class="spread"><span>${label}</span><span class="number secondary">${words}</span></div>
    ${most === null ? nothing : html`<gw-bar .share=${most > 0 ? used / most : 1} label=${label}></gw-bar>`}
  </div>`;
}
