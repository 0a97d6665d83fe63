import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { base, buttons } from '../theme/base.ts';

export interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Stays until another one comes or `dismissToast`, for "Connection lost". */
  readonly stays?: boolean;
}

const SHOWN_MS = 5_000;

/** Says shortly that something happened; one action at most, Undo. Nothing that needs a decision. */
export function toast(text: string, options: Omit<Toast, 'text'> = {}): void {
  window.dispatchEvent(new CustomEvent<Toast>('gw-toast', { detail: { text, ...options } }));
}

/** Takes away the toast with this text, if it is the one shown. */
export function dismissToast(text: string): void {
  window.dispatchEvent(new CustomEvent<string>('gw-toast-dismiss', { detail: text }));
}

/** Where toasts show; the shell has one. It waits while the pointer or the focus is on it. */
@customElement('gw-toasts')
export class GwToasts extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .toast {
        position: fixed;
        z-index: 9;
        inset-block-end: calc(var(--ha-space-4) + var(--safe-area-inset-bottom));
        inset-inline-start: calc(var(--ha-space-4) + var(--safe-area-inset-left));
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-4);
        min-block-size: 48px;
        max-inline-size: min(560px, calc(100% - 32px));
        padding: var(--ha-space-1) var(--ha-space-4);
        border-radius: var(--ha-border-radius-sm);
        background: var(--gw-toast-background);
        color: var(--gw-toast-text);
        box-shadow: var(--ha-box-shadow-m);
        overflow-wrap: anywhere;
      }
      .toast.with-action {
        padding-inline-end: var(--ha-space-2);
      }
      .button {
        color: var(--gw-toast-action);
        flex: none;
      }
      @media (max-width: 870px) {
        .toast {
          inset-block-end: calc(var(--gw-narrow-bar) + var(--ha-space-2) + var(--safe-area-inset-bottom));
          inset-inline: var(--ha-space-2);
          max-inline-size: none;
          justify-content: space-between;
        }
      }
    `,
  ];

  @state() private _toast: Toast | null = null;
  #timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('gw-toast', this.#onToast);
    window.addEventListener('gw-toast-dismiss', this.#onDismiss);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('gw-toast', this.#onToast);
    window.removeEventListener('gw-toast-dismiss', this.#onDismiss);
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  override render() {
    const { text, action } = this._toast ?? {};
    return html`<div role="status" aria-live="polite">
      ${
        text
          ? html`<div
              class="toast ${action ? 'with-action' : ''}"
              @pointerenter=${this.#wait}
              @pointerleave=${this.#count}
              @focusin=${this.#wait}
              @focusout=${this.#count}
            >
              <span>${text}</span>
              ${action ? html`<button type="button" class="button small" @click=${this.#act}>${action.label}</button>` : nothing}
            </div>`
          : nothing
      }
    </div>`;
  }

  readonly #onToast = (event: Event) => {
    this._toast = (event as CustomEvent<Toast>).detail;
    this.#count();
  };

  readonly #onDismiss = (event: Event) => {
    if (this._toast?.text === (event as CustomEvent<string>).detail) this._toast = null;
  };

  #act(): void {
    const action = this._toast?.action;
    this._toast = null;
    action?.run();
  }

  #wait(): void {
    clearTimeout(this.#timer);
  }

  #count(): void {
    clearTimeout(this.#timer);
    if (this._toast && !this._toast.stays) this.#timer = window.setTimeout(() => (this._toast = null), SHOWN_MS);
  }
}
