import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import type { Key } from '../../api/keys.ts';
import { seriesColor } from '../../components/series-color.ts';
import { money } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { setStyle } from '../../theme/set-style.ts';
import { perPeriod } from './budget-period.ts';
import '../../components/gw-bar.ts';
import '../../components/gw-card.ts';

interface Line {
  readonly model: string;
  readonly spend: number;
  readonly limit: number | null;
  readonly duration: string | null;
}

/** Models the key may use or used, what each cost, and the budgets that some have of their own. */
@customElement('gw-key-models-card')
export class GwKeyModelsCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .swatch {
        flex: none;
        inline-size: 12px;
        block-size: 12px;
        border-radius: 3px;
        background: var(--c);
      }
      .name {
        overflow-wrap: anywhere;
      }
      .amount {
        text-align: end;
        flex: none;
      }
      gw-bar {
        margin-block-start: 6px;
      }
      p {
        padding: 0 var(--ha-space-4) var(--ha-space-4);
      }
    `,
  ];

  @property({ attribute: false }) key!: Key;
  @property({ attribute: false }) use!: KeyUse;

  override render() {
    const lines = linesOf(this.key, this.use);
    return html`<gw-card flush heading=${t('keys.models_budgets')}>
      <div class="list-end">${lines.map((line) => this.#line(line))}</div>
      ${this.key.models.length === 0 ? html`<p class="small secondary">${t('keys.may_use_all')}</p>` : nothing}
    </gw-card>`;
  }

  #line({ model, spend, limit, duration }: Line) {
    const rest =
      limit === null
        ? t('keys.no_own_limit')
        : t('keys.of_per', { limit: money(limit), per: duration === null ? '' : perPeriod(duration) });
    return html`<div class="list-row two">
      <span class="swatch" ${setStyle({ '--c': seriesColor(model) })}></span>
      <div class="grow">
        <div class="spread">
          <span class="name">${model}</span><span class="number amount">${money(spend)} <span class="secondary">${rest}</span></span>
        </div>
        ${limit === null ? nothing : html`<gw-bar .share=${limit > 0 ? spend / limit : 1} label=${t('budget.used_of', { name: model })}></gw-bar>`}
      </div>
    </div>`;
  }
}

/** Those with a budget first, then what cost something, then what it may use besides. */
function linesOf({ models }: Key, { model_budgets: budgets, models: used }: KeyUse): Line[] {
  const lines: Line[] = budgets.map(({ model, spend, limit, duration }) => ({ model, spend, limit, duration }));
  const add = (model: string, spend: number) => {
    if (!lines.some((line) => line.model === model)) lines.push({ model, spend, limit: null, duration: null });
  };
  for (const { model, spend } of used) add(model, spend);
  for (const model of models) add(model, 0);
  return lines;
}
