import { mdiCheck, mdiMagnify, mdiMenuDown } from '@mdi/js';
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ApiError } from '../api/client.ts';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import { pickerStyles } from './picker-styles.ts';
import './gw-icon.ts';
import './gw-ring.ts';

/** Something that can be picked. */
export interface Pick<Value> {
  readonly id: string;
  readonly label: string;
  /** In gray behind it. */
  readonly note?: string;
  /** In front: a tile, an icon. */
  readonly lead?: unknown;
  readonly value: Value;
}

const PAUSE_MS = 200;

/**
 * One of many, which the server searches: a button that opens a field and a list. Fires `gw-pick` with the value. Arrow keys walk, Enter
 * takes, Esc closes; the list is loaded when it opens.
 */
@customElement('gw-picker')
export class GwPicker<Value = unknown> extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, pickerStyles];

  /** What is picked: "Model". */
  @property() label = '';
  @property() placeholder = '';
  /** What stands there now. */
  @property({ attribute: false }) picked: Pick<Value> | null = null;
  @property({ attribute: false }) load: (search: string, signal: AbortSignal) => Promise<readonly Pick<Value>[]> = () =>
    Promise.resolve([]);

  @state() private _open = false;
  @state() private _rows: readonly Pick<Value>[] | null = null;
  @state() private _error = '';
  @state() private _at = 0;
  @query('.list') private readonly _list!: HTMLElement;
  @query('button') private readonly _button!: HTMLButtonElement;
  @query('input') private readonly _input!: HTMLInputElement;
  #loading: AbortController | null = null;
  #timer = 0;

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#loading?.abort();
    super.disconnectedCallback();
  }

  override render() {
    const { picked } = this;
    return html`<button
        type="button"
        class="picker"
        aria-haspopup="listbox"
        aria-expanded=${this._open}
        @click=${this.#toggle}
        @keydown=${this.#onButtonKey}
      >
        <span class="visually-hidden">${this.label}: </span>${picked?.lead ?? nothing}<span class="grow ellipsis"
          >${picked ? picked.label : html`<span class="secondary">${this.placeholder}</span>`}${
            picked?.note ? html` <span class="secondary small note">${picked.note}</span>` : nothing
          }</span
        ><gw-icon .path=${mdiMenuDown}></gw-icon>
      </button>
      <div class="list" popover="auto" @toggle=${this.#onToggle}>
        ${this._open ? this.#search() : nothing}${this._open ? this.#options() : nothing}
      </div>`;
  }

  #search() {
    return html`<div class="search">
      <gw-icon size="s" .path=${mdiMagnify}></gw-icon>
      <input
        type="text"
        role="combobox"
        aria-label="${this.label}: ${t('picker.search')}"
        placeholder=${t('picker.search')}
        aria-expanded=${(this._rows?.length ?? 0) > 0}
        aria-controls=${this._rows?.length ? 'options' : nothing}
        aria-autocomplete="list"
        aria-activedescendant=${this._rows?.length ? `option-${this._at}` : nothing}
        autocomplete="off"
        spellcheck="false"
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      />
      ${this._rows === null && this._error === '' ? html`<gw-ring size="xs"></gw-ring>` : nothing}
    </div>`;
  }

  #options() {
    const rows = this._rows ?? [];
    const said = this._error || (this._rows?.length === 0 ? t('picker.nothing') : '');
    return html`${rows.length > 0 ? this.#list(rows) : nothing}
      <div class="said secondary" role="status">${said === '' ? nothing : html`<p>${said}</p>`}</div>`;
  }

  #list(rows: readonly Pick<Value>[]) {
    return html`<div class="options" id="options" role="listbox" aria-label=${this.label}>
      ${repeat(
        rows,
        ({ id }) => id,
        (row, index) =>
          html`<div
            role="option"
            id="option-${index}"
            class="option ${index === this._at ? 'at' : ''}"
            aria-selected=${row.id === this.picked?.id}
            @click=${() => this.#pick(row)}
            @pointermove=${() => (this._at = index)}
          >
            ${row.lead ?? nothing}<span class="words"
              ><span class="name">${row.label}</span
              >${row.note ? html`<span class="secondary small name">${row.note}</span>` : nothing}</span
            >${row.id === this.picked?.id ? html`<gw-icon size="s" .path=${mdiCheck}></gw-icon>` : nothing}
          </div>`,
      )}
    </div>`;
  }

  #toggle(): void {
    if (this._open) this._list.hidePopover();
    else this._list.showPopover();
  }

  #onButtonKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    if (!this._open) this._list.showPopover();
  }

  readonly #onToggle = async (event: ToggleEvent) => {
    this._open = event.newState === 'open';
    if (!this._open) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#loading?.abort();
      this._rows = null;
      return;
    }
    this.#place();
    await this.#load('');
    await this.updateComplete;
    this._at = Math.max(
      0,
      (this._rows ?? []).findIndex(({ id }) => id === this.picked?.id),
    );
    this._input?.focus();
  };

  /** Below the button, within the window; a popover stands in the window, not in the page. */
  #place(): void {
    const box = this._button.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 320), window.innerWidth - 16);
    const start = this.matches(':dir(rtl)') ? box.right - width : box.left;
    const { style } = this._list;
    style.width = `${width}px`;
    style.left = `${Math.min(Math.max(8, start), window.innerWidth - width - 8)}px`;
    style.top = `${box.bottom + 4}px`;
    style.maxHeight = `${Math.max(200, window.innerHeight - box.bottom - 16)}px`;
  }

  async #load(search: string): Promise<void> {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    this._error = '';
    try {
      const rows = await this.load(search, signal);
      if (signal.aborted) return;
      this._rows = rows;
      this._at = 0;
    } catch (error) {
      if (!signal.aborted) this._error = (error as ApiError).message;
    }
  }

  #onInput(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#searchNow(), PAUSE_MS);
  }

  #searchNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    return this.#load(this._input.value.trim());
  }

  /** What was typed is looked for first: Enter never takes a line of the search before. */
  async #takeFirst(): Promise<void> {
    if (this.#timer !== 0) await this.#searchNow();
    const row = this._rows?.[this._at];
    if (row) this.#pick(row);
  }

  #onKey(event: KeyboardEvent): void {
    const rows = this._rows ?? [];
    const to = { ArrowDown: this._at + 1, ArrowUp: this._at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this._at = Math.min(rows.length - 1, Math.max(0, to));
      this.renderRoot.querySelector(`#option-${this._at}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void this.#takeFirst();
    } else if (event.key === 'Escape') {
      // Only the list closes, not the dialog around it, and the reader is where they came from.
      event.preventDefault();
      event.stopPropagation();
      this._list.hidePopover();
      this._button.focus();
    } else if (event.key === 'Tab') this._list.hidePopover();
  }

  #pick(row: Pick<Value>): void {
    this._list.hidePopover();
    this._button.focus();
    this.dispatchEvent(new CustomEvent<Value>('gw-pick', { detail: row.value }));
  }
}
