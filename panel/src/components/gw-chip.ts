import { mdiClose } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import { t } from '../i18n/texts.ts';
import './gw-icon.ts';

/**
 * A chip of a toolbar: a button, an on-and-off switch (`toggle`, fires `value-changed`), or a filter in force (`removable`: a click, Delete or
 * Backspace fires `gw-remove`).
 */
@customElement('gw-chip')
export class GwChip extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        flex: none;
        vertical-align: middle;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        block-size: 32px;
        padding-inline: 10px;
        max-inline-size: 280px;
        border: 1px solid var(--gw-input-border);
        border-radius: 10px;
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        line-height: 16px;
        white-space: nowrap;
        color: var(--primary-text-color);
      }
      .chip:hover {
        background: var(--gw-row-hover);
      }
      .active {
        background: var(--ha-color-fill-primary-normal-resting);
        border-color: transparent;
        color: var(--gw-text-brand);
      }
      .active:hover {
        background: var(--ha-color-fill-primary-normal-hover);
      }
      .words {
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property() icon = '';
  @property() trail = '';
  @property({ type: Boolean }) active = false;
  @property({ type: Boolean }) toggle = false;
  @property({ type: Boolean }) removable = false;
  /** What it does, for screen readers; needed when it is an icon alone. */
  @property() label = '';
  /** Where there is no room for its words. */
  @property({ type: Boolean, attribute: 'icon-only' }) iconOnly = false;

  override render() {
    return html`<button
      type="button"
      class="chip ${this.active || this.removable ? 'active' : ''}"
      role=${this.toggle ? 'switch' : nothing}
      aria-checked=${this.toggle ? String(this.active) : nothing}
      aria-label=${this.label || nothing}
      title=${this.removable ? t('actions.remove_filter') : this.iconOnly ? this.label : nothing}
      @click=${this.#onClick}
      @keydown=${this.#onKey}
    >
      ${this.icon ? html`<gw-icon size="s" .path=${this.icon}></gw-icon>` : nothing}
      ${this.iconOnly ? nothing : html`<span class="words"><slot></slot></span>`}
      ${this.removable || this.trail ? html`<gw-icon size="s" .path=${this.removable ? mdiClose : this.trail}></gw-icon>` : nothing}
    </button>`;
  }

  #onClick(): void {
    if (this.removable) this.#remove();
    if (this.toggle) this.dispatchEvent(new CustomEvent('value-changed', { detail: { value: !this.active } }));
  }

  #onKey(event: KeyboardEvent): void {
    if (this.removable && (event.key === 'Delete' || event.key === 'Backspace')) this.#remove();
  }

  #remove(): void {
    this.dispatchEvent(new CustomEvent('gw-remove'));
  }
}
