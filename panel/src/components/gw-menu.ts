import type WaDropdown from '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import { mdiDotsVertical } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { base, buttons } from '../theme/base.ts';
import './gw-icon.ts';

export interface MenuItem {
  readonly label: string;
  /** Path of an icon. */
  readonly icon?: string;
  /** What selecting it does; left out for a line that only says something. */
  readonly action?: () => void;
  readonly danger?: boolean;
  /** A choice that is on or off. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly ruled?: boolean;
}

/**
 * A menu behind a button: three dots unless `text` or `path` say otherwise. Arrow keys, letters and Esc work; focus goes back to the button.
 * What opens is fetched when somebody comes near the button.
 */
@customElement('gw-menu')
export class GwMenu extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-flex;
        flex: none;
        vertical-align: middle;
      }
      /* As it is when it is there, so that nothing moves when it comes. */
      wa-dropdown {
        display: contents;
      }
      wa-dropdown::part(menu) {
        min-inline-size: 200px;
        max-inline-size: min(360px, calc(100vw - 16px));
        padding: var(--ha-space-2) 0;
        border-radius: var(--ha-border-radius-lg);
        border-color: var(--divider-color);
        background: var(--card-background-color);
        font-size: var(--ha-font-size-m);
      }
      wa-dropdown-item {
        min-block-size: 44px;
        padding: 10px var(--ha-space-4);
        border-radius: 0;
        color: var(--primary-text-color);
        font-size: var(--ha-font-size-m);
        line-height: 20px;
      }
      wa-dropdown-item:hover,
      wa-dropdown-item:state(active) {
        background: var(--gw-row-hover);
        color: var(--primary-text-color);
      }
      wa-dropdown-item:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: -2px;
      }
      wa-dropdown-item[variant='danger'],
      wa-dropdown-item[variant='danger']:hover {
        color: var(--gw-text-bad);
      }
      wa-dropdown-item gw-icon {
        color: var(--secondary-text-color);
        margin-inline-end: var(--ha-space-1);
      }
      wa-dropdown-item[variant='danger'] gw-icon {
        color: inherit;
      }
      .ruled {
        border-block-start: 1px solid var(--divider-color);
        margin-block-start: var(--ha-space-2);
        padding-block-start: var(--ha-space-3);
      }
      .words {
        padding: var(--ha-space-2) var(--ha-space-4) var(--ha-space-3);
        color: var(--secondary-text-color);
        overflow-wrap: anywhere;
        border-block-end: 1px solid var(--divider-color);
        margin-block-end: var(--ha-space-2);
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        block-size: 32px;
        padding-inline: 10px;
        border: 1px solid var(--gw-input-border);
        border-radius: 10px;
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        line-height: 16px;
        white-space: nowrap;
      }
      .chip:hover {
        background: var(--gw-row-hover);
      }
    `,
  ];

  @property() label = '';
  @property() path = mdiDotsVertical;
  /** Makes the button a chip with this word in it. */
  @property() text = '';
  @property() trail = '';
  @property() size: 'm' | 'small' | 'tiny' = 'm';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  /** Lines above the items that cannot be selected. */
  @property({ attribute: false }) words: readonly string[] = [];
  /** Whether what opens is there; until then the button stands alone. */
  @state() private _whole = customElements.get('wa-dropdown') !== undefined;

  override render() {
    return html`<wa-dropdown
      placement="bottom-end"
      distance="4"
      @pointerover=${this.#complete}
      @focusin=${this.#complete}
      @click=${this.#open}
      @wa-select=${this.#onSelect}
    >
      ${
        this.text
          ? html`<button
              slot="trigger"
              type="button"
              class="chip"
              aria-haspopup="menu"
              aria-expanded="false"
              aria-label=${this.label || nothing}
            >
              ${this.path === mdiDotsVertical ? nothing : html`<gw-icon size="s" .path=${this.path}></gw-icon>`}${this.text}${this.trail ? html`<gw-icon size="s" .path=${this.trail}></gw-icon>` : nothing}
            </button>`
          : html`<button
              slot="trigger"
              type="button"
              class="icon-button ${this.size}"
              aria-haspopup="menu"
              aria-expanded="false"
              aria-label=${this.label}
              title=${this.label}
            >
              <gw-icon .path=${this.path}></gw-icon>
            </button>`
      }
      ${this._whole ? this.#entries() : nothing}
    </wa-dropdown>`;
  }

  #entries() {
    return html`${this.words.length > 0 ? html`<div class="words">${this.words.map((line) => html`<div>${line}</div>`)}</div>` : nothing}
    ${this.items.map(
      (item, index) =>
        html`<wa-dropdown-item
          value=${index}
          class=${item.ruled ? 'ruled' : ''}
          variant=${item.danger ? 'danger' : 'default'}
          type=${item.checked === undefined ? 'normal' : 'checkbox'}
          ?checked=${item.checked ?? false}
          >${item.icon ? html`<gw-icon slot="icon" .path=${item.icon}></gw-icon>` : nothing}${item.label}</wa-dropdown-item
        >`,
    )}`;
  }

  async #complete(): Promise<void> {
    await import('./menu-parts.ts');
    this._whole = true;
    await this.updateComplete;
  }

  async #open(): Promise<void> {
    // Once it is there it hears its button itself.
    if (this._whole) return;
    await this.#complete();
    const dropdown = this.renderRoot.querySelector<WaDropdown>('wa-dropdown');
    if (dropdown) dropdown.open = true;
  }

  #onSelect(event: CustomEvent<{ item: { value: string } }>): void {
    event.stopPropagation();
    this.items[Number(event.detail.item.value)]?.action?.();
  }
}
