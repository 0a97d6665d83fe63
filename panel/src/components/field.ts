import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { base, buttons } from '../theme/base.ts';

export const fieldStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .box {
    position: relative;
    display: flex;
    align-items: center;
    min-block-size: 56px;
    padding-inline: var(--ha-space-4) var(--ha-space-1);
    background: var(--ha-color-form-background);
    border-radius: var(--ha-border-radius-sm) var(--ha-border-radius-sm) 0 0;
    border-block-end: 1px solid var(--ha-color-border-neutral-loud);
  }
  .box:hover {
    background: var(--ha-color-form-background-hover);
  }
  .box:focus-within {
    border-block-end: 2px solid var(--primary-color);
  }
  .box label {
    position: absolute;
    inset-block-start: 8px;
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    color: var(--ha-color-text-secondary);
    white-space: nowrap;
    max-inline-size: calc(100% - 32px);
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .box:focus-within label {
    color: var(--gw-text-brand);
  }
  input,
  select,
  textarea {
    flex: 1;
    inline-size: 100%;
    min-inline-size: 0;
    margin: 0;
    padding: 24px 0 8px;
    border: 0;
    outline: 0;
    background: none;
    border-radius: 0;
    font: inherit;
    font-size: var(--ha-font-size-l);
    line-height: 24px;
    color: var(--primary-text-color);
    text-overflow: ellipsis;
  }
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible {
    outline: 0;
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--ha-color-text-secondary);
    opacity: 1;
  }
  input:-webkit-autofill {
    box-shadow: 0 0 0 48px var(--ha-color-form-background) inset;
    -webkit-text-fill-color: var(--primary-text-color);
  }
  input[type='number'] {
    appearance: textfield;
  }
  .unit {
    color: var(--ha-color-text-secondary);
    padding-inline: var(--ha-space-2) var(--ha-space-3);
    padding-block-start: 18px;
    white-space: nowrap;
  }
  .hint {
    min-block-size: 20px;
    padding: 4px var(--ha-space-4) 0;
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    color: var(--secondary-text-color);
    overflow-wrap: anywhere;
  }
  .hint:empty {
    padding: 0;
    min-block-size: 8px;
  }
  .invalid .box {
    border-block-end: 2px solid var(--ha-color-border-danger-loud);
  }
  .invalid label,
  .invalid .hint {
    color: var(--gw-text-bad);
  }
  .disabled .box {
    background: var(--ha-color-form-background-disabled);
    border-block-end-style: dotted;
  }
  .disabled input,
  .disabled select,
  .disabled textarea {
    color: var(--ha-color-text-disabled);
    -webkit-text-fill-color: currentColor;
  }
`;

/**
 * What all form fields share: label inside, helper below, an error in its place. Each edit fires `value-changed` with `{value}`. `name` is the
 * name the server uses, so that `markError` finds the field that an answer blames.
 */
export abstract class GwField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, buttons, fieldStyles];

  @property() label = '';
  @property({ reflect: true }) name = '';
  @property() helper = '';
  /** Replaces the helper and marks the field; read out. */
  @property() error = '';
  @property({ type: Boolean }) required = false;
  @property({ type: Boolean }) disabled = false;

  /** The control, with `id="control"` and `aria-describedby="hint"`; the box, the label and the hint are drawn around it. */
  protected abstract control(): TemplateResult;

  /** What stands after the control in its box: a unit, a button. */
  protected trailing(): TemplateResult | typeof nothing {
    return nothing;
  }

  override render() {
    const marks = `${this.error ? 'invalid' : ''} ${this.disabled ? 'disabled' : ''}`;
    return html`<div class=${marks}>
      <div class="box"><label for="control">${this.label}</label>${this.control()}${this.trailing()}</div>
      <div class="hint" id="hint" role=${this.error ? 'alert' : nothing}>${this.error || this.helper}</div>
    </div>`;
  }

  protected changed(value: string): void {
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value }, bubbles: true, composed: true }));
  }

  /** Enter submits the form around the field, which a shadow keeps apart from its control. */
  protected submitOnEnter(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.isComposing) this.closest('form')?.requestSubmit();
  }
}

/** What `value-changed` carries. */
export type ValueChanged<Value = string> = CustomEvent<{ value: Value }>;

/**
 * Marks the field that the server blames, and puts the reader there.
 * @returns whether there was such a field; else the message belongs into an alert
 */
export function markError(root: ParentNode, param: string | null, message: string): boolean {
  const fields = [...root.querySelectorAll('[name]')].filter((field) => field instanceof GwField);
  for (const field of fields) field.error = '';
  const blamed = fields.find(({ name }) => name !== '' && name === param);
  if (!blamed) return false;
  blamed.error = message;
  blamed.focus();
  return true;
}
