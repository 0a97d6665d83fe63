import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../../../components/gw-button.ts';
import '../../../components/gw-dialog.ts';
import '../../../components/gw-number-field.ts';
import '../../../components/gw-select.ts';
import '../../../components/gw-text-field.ts';
import type { ValueChanged } from '../../../components/field.ts';
import { localMoment, localText } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { base, layout } from '../../../theme/base.ts';
import { FILTERS, without, type Fields, type FilterName } from './call-fields.ts';

/** Filters that are words, in the order of the form. */
const WORDS = ['person', 'session', 'tags', 'error', 'words'] as const satisfies readonly FilterName[];
const AMOUNTS = ['min', 'max'] as const satisfies readonly FilterName[];
const AMOUNT = /^\d{1,12}([.,]\d{1,18})?$/;

/** All filters and a span of one's own. Fires `gw-filter` with the fields that the address gets, and `gw-close`. */
@customElement('gw-filter-dialog')
export class GwFilterDialog extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) fields!: Fields;
  /** Milliseconds since 1970: the span that is shown now. */
  @property({ attribute: false }) span = { from: 0, until: 0 };
  @property({ attribute: false }) providers: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) models: readonly string[] = [];
  @state() private _edited: Readonly<Record<string, string>> = {};
  @state() private _wrong: Readonly<Record<string, string>> = {};

  override render() {
    return html`<gw-dialog open heading=${t('logs.more_filters_title')} @gw-close=${() => this.#close()}>
      <form class="field-grid" @submit=${this.#apply}>
        ${this.#moment('from')} ${this.#moment('until')} ${this.#select('provider', providerOptions(this.providers))}
        ${this.#select(
          'model',
          this.models.map((value) => ({ value, label: value })),
        )}
        ${WORDS.map((name) => this.#words(name))} ${AMOUNTS.map((name) => this.#amount(name))}
      </form>
      <gw-button slot="lead" @click=${() => this.#clear()}>${t('table.clear_filters')}</gw-button>
      <gw-button slot="footer" @click=${() => this.#close()}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" @click=${this.#apply}>${t('logs.apply')}</gw-button>
    </gw-dialog>`;
  }

  #words(name: (typeof WORDS)[number]) {
    const label = t(`logs.filters.${name}`);
    const helper = name === 'tags' ? t('logs.tags_helper') : '';
    return html`<gw-text-field
      name=${name}
      label=${label}
      helper=${helper}
      .value=${this.#value(name)}
      @value-changed=${this.#edit(name)}
    ></gw-text-field>`;
  }

  #amount(name: 'min' | 'max') {
    return html`<gw-number-field
      name=${name}
      label=${t(`logs.filters.${name}`)}
      unit="USD"
      error=${this._wrong[name] ?? ''}
      .value=${this.#value(name)}
      @value-changed=${this.#edit(name)}
    ></gw-number-field>`;
  }

  #select(name: 'provider' | 'model', options: readonly { value: string; label: string }[]) {
    const chosen = this.#value(name);
    const known = chosen === '' || options.some(({ value }) => value === chosen) ? options : [{ value: chosen, label: chosen }, ...options];
    return html`<gw-select
      name=${name}
      label=${t(`logs.filters.${name}`)}
      .value=${chosen}
      .options=${[{ value: '', label: t('logs.results.any') }, ...known]}
      @value-changed=${this.#edit(name)}
    ></gw-select>`;
  }

  #moment(name: 'from' | 'until') {
    return html`<gw-text-field
      name=${name}
      type="datetime-local"
      label=${t(`logs.filters.${name}`)}
      error=${this._wrong[name] ?? ''}
      .value=${this._edited[name] ?? localText(this.span[name])}
      @value-changed=${this.#edit(name)}
    ></gw-text-field>`;
  }

  #value(name: FilterName): string {
    return this._edited[name] ?? this.fields[name];
  }

  #edit(name: string) {
    return ({ detail }: ValueChanged) => (this._edited = { ...this._edited, [name]: detail.value });
  }

  readonly #apply = (event: Event) => {
    event.preventDefault();
    const span = this.#span();
    this._wrong = { ...this.#wrongAmounts(), ...(span === null ? { until: t('logs.range_wrong') } : {}) };
    if (span === null || Object.keys(this._wrong).length > 0) return;
    const edited = Object.fromEntries(FILTERS.filter((name) => name in this._edited).map((name) => [name, this.#clean(name)]));
    this.#tell({ ...edited, ...span });
  };

  #clean(name: FilterName): string {
    const text = this.#value(name).trim();
    return name === 'min' || name === 'max' ? text.replace(',', '.') : text;
  }

  #wrongAmounts(): Record<string, string> {
    const wrong = AMOUNTS.filter((name) => this.#value(name).trim() !== '' && !AMOUNT.test(this.#value(name).trim()));
    return Object.fromEntries(wrong.map((name) => [name, t('logs.amount_wrong')]));
  }

  /** The span as it was edited; nothing when it was not, null when it ends before it begins. */
  #span(): Partial<Fields> | null {
    const { from, until } = this._edited;
    if (from === undefined && until === undefined) return {};
    const start = from === undefined ? this.span.from : localMoment(from);
    const end = until === undefined ? this.span.until : localMoment(until);
    if (start === null || end === null || end <= start) return null;
    return { range: 'custom', from: new Date(start).toISOString(), until: new Date(end).toISOString() };
  }

  #clear(): void {
    this.#tell({ ...without(FILTERS), range: '15m', from: '', until: '' });
  }

  #tell(fields: Partial<Fields>): void {
    this.dispatchEvent(new CustomEvent('gw-filter', { detail: fields }));
    this.#close();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }
}

/** Each provider once, by its name: some have several ids. */
function providerOptions(providers: ReadonlyMap<string, string>): { value: string; label: string }[] {
  const ids = new Map<string, string>();
  for (const [id, name] of providers) if (!ids.has(name)) ids.set(name, id);
  return [...ids].map(([label, value]) => ({ value, label })).toSorted((one, other) => one.label.localeCompare(other.label));
}
