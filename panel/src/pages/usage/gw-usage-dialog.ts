import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Days, UsageDay, UsageFilter } from '../../api/usage.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { groupsOf, type Dimension } from './fold.ts';
import { isDay } from './range.ts';
import { nameOf, opens } from './words.ts';

const DIMENSIONS: readonly Dimension[] = ['model', 'provider', 'key', 'person'];

/** Chooses what usage is narrowed by, among what there is in these days; or days of one's own. Fires `gw-usage` and `gw-close`. */
@customElement('gw-usage-dialog')
export class GwUsageDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .fields {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-3);
      }
    `,
  ];

  @property() kind: 'filter' | 'days' = 'filter';
  @property({ attribute: false }) days: readonly UsageDay[] = [];
  @property({ attribute: false }) filter!: UsageFilter;
  @property({ attribute: false }) range!: Days;
  @state() private _values: Readonly<Record<string, string>> = {};
  @state() private _error = '';

  override render() {
    const heading = this.kind === 'filter' ? t('usage.add_filter') : t('usage.range_custom');
    return html`<gw-dialog open heading=${heading}>
      <div class="fields">${this.kind === 'filter' ? DIMENSIONS.map((by) => this.#select(by)) : this.#dates()}</div>
      <gw-button slot="footer" look="plain" @click=${() => this.#close()}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" @click=${() => this.#apply()}>${t('usage.apply')}</gw-button>
    </gw-dialog>`;
  }

  #select(by: Dimension) {
    const present = groupsOf(this.days, by).filter(({ id }) => opens(by, id));
    const options = present.map(({ id, name }) => ({ value: id, label: nameOf(by, id, name) }));
    const chosen = this._values[by] ?? this.filter[by];
    if (chosen !== '' && !options.some(({ value }) => value === chosen)) options.push({ value: chosen, label: nameOf(by, chosen, null) });
    return html`<gw-select
      label=${t(`usage.by_${by}`)}
      .options=${[{ value: '', label: t('usage.any') }, ...options.toSorted((a, b) => a.label.localeCompare(b.label))]}
      value=${chosen}
      @value-changed=${({ detail }: CustomEvent<{ value: string }>) => this.#set(by, detail.value)}
    ></gw-select>`;
  }

  #dates() {
    const field = (name: 'from' | 'to', value: string, error: string) =>
      html`<gw-text-field
        label=${t(`usage.${name}`)}
        type="date"
        value=${this._values[name] ?? value}
        error=${error}
        @value-changed=${({ detail }: CustomEvent<{ value: string }>) => this.#set(name, detail.value)}
      ></gw-text-field>`;
    return html`${field('from', this.range.first, '')}${field('to', this.range.last, this._error)}`;
  }

  #set(name: string, value: string): void {
    this._values = { ...this._values, [name]: value };
    this._error = '';
  }

  #apply(): void {
    if (this.kind === 'days') {
      const [from, to] = [this._values['from'] ?? this.range.first, this._values['to'] ?? this.range.last];
      if (!isDay(from) || !isDay(to) || from > to) {
        this._error = t('usage.days_wrong');
        return;
      }
      this.#tell({ range: 'custom', from, to, day: '' });
    } else this.#tell(this._values);
    this.#close();
  }

  #tell(change: Readonly<Record<string, string>>): void {
    this.dispatchEvent(new CustomEvent('gw-usage', { detail: change }));
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }
}
