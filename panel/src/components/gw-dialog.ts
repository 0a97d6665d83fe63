import { mdiArrowLeft, mdiClose } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { t } from '../i18n/texts.ts';
import { base, layout } from '../theme/base.ts';
import './gw-icon-button.ts';

/**
 * A dialog; a bottom sheet when narrow. Slots: the content, `footer` for its buttons (Cancel first, one accent last), `lead` at the footer's
 * start. Open it with `open`. It asks to be closed by `gw-close`; whoever opened it decides, so that nothing half-written is lost. Focus goes to
 * the first field, stays inside, and goes back where it was.
 */
@customElement('gw-dialog')
export class GwDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      :host {
        display: contents;
      }
      dialog {
        display: none;
        flex-direction: column;
        inline-size: 580px;
        max-inline-size: calc(100vw - 80px);
        max-block-size: calc(100dvh - 80px);
        margin: auto;
        padding: 0;
        border: 0;
        overflow: hidden;
        background: var(--card-background-color);
        color: var(--primary-text-color);
        border-radius: var(--ha-border-radius-3xl);
        box-shadow: var(--ha-box-shadow-l);
      }
      dialog[open] {
        display: flex;
      }
      dialog::backdrop {
        background: var(--gw-scrim);
      }
      .small {
        inline-size: 400px;
        font-size: inherit;
        line-height: inherit;
      }
      .large {
        inline-size: 720px;
      }
      header {
        display: flex;
        align-items: center;
        min-block-size: 64px;
        padding: var(--ha-space-3) var(--ha-space-4) var(--ha-space-2) var(--ha-space-2);
      }
      .no-close header {
        padding-inline-start: var(--ha-space-6);
      }
      header > div {
        flex: 1;
        min-inline-size: 0;
      }
      h2 {
        font-size: var(--ha-font-size-2xl);
        font-weight: var(--ha-font-weight-normal);
        line-height: 1.2;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .subtitle {
        color: var(--secondary-text-color);
        line-height: 20px;
      }
      .body {
        flex: 1;
        min-block-size: 0;
        overflow: auto;
        padding: var(--ha-space-1) var(--ha-space-6) var(--ha-space-4);
      }
      .flush .body {
        padding-inline: 0;
      }
      footer {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: var(--ha-space-3);
        padding: var(--ha-space-3) var(--ha-space-4) var(--ha-space-4);
      }
      slot[name='footer'] {
        display: flex;
        align-items: center;
        gap: var(--ha-space-3);
        margin-inline-start: auto;
      }
      @media (max-width: 870px) {
        dialog {
          inline-size: 100%;
          max-inline-size: 100%;
          max-block-size: calc(100dvh - 40px);
          margin-block-end: 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
          padding-block-end: var(--safe-area-inset-bottom);
        }
        dialog.small {
          margin: auto;
          inline-size: calc(100% - 48px);
          border-radius: var(--ha-border-radius-3xl);
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        dialog[open] {
          animation: in var(--ha-animation-duration-fast, 150ms) ease-out;
        }
        @keyframes in {
          from {
            opacity: 0;
            translate: 0 16px;
          }
        }
      }
    `,
  ];

  @property() heading = '';
  @property() subtitle = '';
  @property() size: 'small' | 'm' | 'large' = 'm';
  @property({ type: Boolean, reflect: true }) open = false;
  /** Lists reach to its edges. */
  @property({ type: Boolean }) flush = false;
  /** No × at the start, for confirms. */
  @property({ type: Boolean, attribute: 'no-close' }) noClose = false;
  /** A later step: an arrow to the one before (`gw-back`) instead of ×. */
  @property({ type: Boolean }) back = false;
  @query('dialog') private readonly _dialog!: HTMLDialogElement;

  override render() {
    return html`<dialog
      class="${this.size} ${this.flush ? 'flush' : ''} ${this.noClose ? 'no-close' : ''}"
      aria-labelledby="heading"
      @cancel=${this.#onCancel}
      @keydown=${this.#onKey}
    >
      ${
        this.heading
          ? html`<header role="presentation">
              ${this.#leave()}
              <div>
                <h2 id="heading">${this.heading}</h2>
                ${this.subtitle ? html`<div class="subtitle">${this.subtitle}</div>` : nothing}
              </div>
              <slot name="header"></slot>
            </header>`
          : nothing
      }
      <div class="body"><slot></slot></div>
      <footer role="presentation"><slot name="lead"></slot><slot name="footer"></slot></footer>
    </dialog>`;
  }

  #leave() {
    if (this.noClose) return nothing;
    if (this.back)
      return html`<gw-icon-button
        mirrored
        .path=${mdiArrowLeft}
        label=${t('actions.back')}
        @click=${() => this.dispatchEvent(new CustomEvent('gw-back'))}
      ></gw-icon-button>`;
    return html`<gw-icon-button .path=${mdiClose} label=${t('actions.close')} @click=${this.#ask}></gw-icon-button>`;
  }

  override updated(): void {
    if (this.open === this._dialog.open) return;
    if (!this.open) this._dialog.close();
    else {
      this._dialog.showModal();
      requestAnimationFrame(() => this.#focusFirst());
    }
  }

  override disconnectedCallback(): void {
    this._dialog?.close();
    super.disconnectedCallback();
  }

  /** The field with `autofocus`, else the first field, else what the browser chose. */
  #focusFirst(): void {
    const fields = 'gw-text-field, gw-number-field, gw-secret-field, gw-select, gw-search, input, textarea';
    (this.querySelector<HTMLElement>('[autofocus]') ?? this.querySelector<HTMLElement>(fields))?.focus();
  }

  #onCancel(event: Event): void {
    event.preventDefault();
    this.#ask();
  }

  /** The browser lets a second Esc through; this does not. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.#ask();
  }

  #ask(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }
}
