import '@awesome.me/webawesome/dist/components/popup/popup.js';
import { mdiMenuDown } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { live } from 'lit/directives/live.js';
import { base, buttons } from '../theme/base.ts';
import { fieldStyles, GwField } from './field.ts';
import { listStyles } from './list-styles.ts';
import './gw-icon.ts';

export interface Suggestion {
  readonly value: string;
  readonly label?: string;
  /** In gray behind it: a price, a provider. */
  readonly note?: string;
}

/** At most so many lines; typing narrows them down. */
const SHOWN = 100;

/**
 * A line of text with suggestions: what is typed always counts, whether the list knows it or not (a model's name). Arrow keys walk the list,
 * Enter takes one, Esc closes it. With `strict` only what is in the list counts.
 */
@customElement('gw-combobox')
export class GwCombobox extends GwField {
  static override styles = [
    base,
    buttons,
    fieldStyles,
    listStyles,
    css`
      wa-popup {
        display: block;
      }
      .box > gw-icon {
        position: absolute;
        inset-inline-end: 12px;
        pointer-events: none;
        color: var(--primary-text-color);
      }
      .box {
        padding-inline-end: 40px;
      }
    `,
  ];

  @property() value = '';
  @property() placeholder = '';
  @property({ type: Boolean }) strict = false;
  @property({ attribute: false }) suggestions: readonly Suggestion[] = [];
  @state() private _open = false;
  @state() private _at = -1;
  @state() private _text: string | null = null;

  get #found(): readonly Suggestion[] {
    const words = (this._text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.suggestions.filter(({ value, label }) => {
      const text = `${value} ${label ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return found.slice(0, SHOWN);
  }

  protected override control() {
    const found = this.#found;
    const open = this._open && found.length > 0;
    const shown = this._text ?? this.#labelOf(this.value);
    return html`<input
        id="control"
        role="combobox"
        aria-describedby="hint"
        aria-invalid=${this.error ? 'true' : nothing}
        aria-autocomplete="list"
        aria-expanded=${open}
        aria-controls="list"
        aria-activedescendant=${open && this._at >= 0 ? `option-${this._at}` : nothing}
        autocomplete="off"
        spellcheck="false"
        .value=${live(shown)}
        placeholder=${this.placeholder}
        ?required=${this.required}
        ?disabled=${this.disabled}
        @input=${this.#onInput}
        @click=${this.#show}
        @keydown=${this.#onKey}
        @blur=${this.#onBlur}
      /><wa-popup
        placement="bottom-start"
        sync="width"
        distance="4"
        flip
        auto-size="vertical"
        auto-size-padding="16"
        ?active=${open}
        .anchor=${this.renderRoot.querySelector('.box') ?? this}
      >
        <ul class="list" id="list" role="listbox" aria-label=${this.label} ?hidden=${!open}>
          ${repeat(
            found,
            ({ value }) => value,
            ({ value, label, note }, index) =>
              html`<li
                id="option-${index}"
                role="option"
                aria-selected=${index === this._at}
                @pointerdown=${(event: Event) => this.#take(event, value)}
              >
                <span class="words">${label ?? value}</span>${note ? html`<span class="note">${note}</span>` : nothing}
              </li>`,
          )}
        </ul>
      </wa-popup>`;
  }

  protected override trailing() {
    return html`<gw-icon .path=${mdiMenuDown}></gw-icon>`;
  }

  #labelOf(value: string): string {
    return this.suggestions.find((one) => one.value === value)?.label ?? value;
  }

  #onInput(event: InputEvent): void {
    this._text = (event.target as HTMLInputElement).value;
    this._open = true;
    this._at = -1;
    if (!this.strict) this.#set(this._text);
  }

  readonly #show = () => {
    this._open = true;
  };

  #onKey(event: KeyboardEvent): void {
    const last = this.#found.length - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this._open = true;
      this._at = event.key === 'ArrowDown' ? Math.min(last, this._at + 1) : Math.max(0, this._at - 1);
      void this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter' && this._open && this._at >= 0) {
      this.#take(event, this.#found[this._at]?.value ?? this.value);
    } else if (event.key === 'Enter') this.submitOnEnter(event);
    else if (event.key === 'Escape' && this._open) {
      // Only the list closes, not the dialog around it.
      event.preventDefault();
      event.stopPropagation();
      this._open = false;
    }
  }

  #onBlur(): void {
    this._open = false;
    this._text = null;
  }

  #take(event: Event, value: string): void {
    event.preventDefault();
    this._open = false;
    this._at = -1;
    this._text = null;
    this.#set(value);
  }

  #set(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.changed(value);
  }
}
