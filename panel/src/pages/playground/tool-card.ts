import { mdiAlertCircleOutline, mdiCheckCircle, mdiWrench } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../../components/gw-button.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-ring.ts';
import '../../components/gw-text-field.ts';
import type { ValueChanged } from '../../components/field.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';

/** A call of a tool: its arguments as they come, and a field for what it gave. Fires `gw-result` with the text. */
@customElement('gw-play-tool')
export class GwPlayTool extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: min(100%, 560px);
      }
      .card {
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-lg);
        background: var(--card-background-color);
        overflow: hidden;
      }
      .head {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2) var(--ha-space-3);
      }
      .name {
        overflow-wrap: anywhere;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
      }
      pre {
        margin: 0;
        padding: var(--ha-space-3) var(--ha-space-4);
        border-block-start: 1px solid var(--divider-color);
        background: var(--gw-code-background);
        font: 400 13px/20px var(--ha-font-family-code);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        direction: ltr;
        text-align: start;
        max-block-size: 320px;
        overflow-y: auto;
      }
      pre:focus-visible {
        outline-offset: -2px;
      }
      form {
        padding: var(--ha-space-3) var(--ha-space-3);
        border-block-start: 1px solid var(--divider-color);
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
      }
    `,
  ];

  @property() name = '';
  /** JSON text as far as it came. */
  @property({ attribute: false }) given = '';
  @property({ attribute: false }) result: string | null = null;
  /** Still being written. */
  @property({ type: Boolean }) growing = false;
  /** Whether a result can be given. */
  @property({ type: Boolean }) open = false;
  @state() private _result = '';

  override render() {
    return html`<section class="card" aria-label=${t('playground.tool.label', { name: this.name })}>
      <div class="head">
        <gw-icon size="s" class="secondary" .path=${mdiWrench}></gw-icon
        ><span class="grow medium name" dir="auto">${this.name}</span>${this.#state()}
      </div>
      <pre tabindex="0" role="region" aria-label=${t('playground.tool.given')}>
${this.given || '{}'}${
  this.result === null ? nothing : html` <span class="secondary" aria-label=${t('playground.tool.result')}>→</span> ${this.result}`
}</pre>
      ${this.open && this.result === null ? this.#form() : nothing}
    </section>`;
  }

  #state() {
    if (this.growing) return html`<span class="state secondary"><gw-ring size="xs"></gw-ring>${t('playground.tool.growing')}</span>`;
    if (!isJson(this.given))
      return html`<span class="state warn"
        ><gw-icon size="s" .path=${mdiAlertCircleOutline}></gw-icon>${t('playground.tool.broken')}</span
      >`;
    if (this.result !== null)
      return html`<span class="state good"><gw-icon size="s" .path=${mdiCheckCircle}></gw-icon>${t('playground.tool.answered')}</span>`;
    return html`<span class="state secondary">${t('playground.tool.waits')}</span>`;
  }

  #form() {
    return html`<form @submit=${this.#onSubmit}>
      <gw-text-field
        lines="2"
        label=${t('playground.tool.result')}
        helper=${t('playground.tool.result_helper')}
        .value=${this._result}
        @value-changed=${(event: ValueChanged) => (this._result = event.detail.value)}
        @keydown=${this.#onKey}
      ></gw-text-field>
      <div class="buttons">
        <gw-button look="filled" type="submit" ?disabled=${this._result.trim() === ''}>${t('playground.tool.send')}</gw-button>
      </div>
    </form>`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) this.#onSubmit(event);
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    const result = this._result.trim();
    if (result === '') return;
    this._result = '';
    this.dispatchEvent(new CustomEvent<string>('gw-result', { detail: result }));
  }
}

function isJson(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
