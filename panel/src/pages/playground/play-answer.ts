import { mdiChevronDown, mdiLightbulbOnOutline, mdiRefresh } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '../../components/gw-badge.ts';
import '../../components/gw-copy.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-ring.ts';
import { duration } from '../../format/time.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import '../../markdown/gw-markdown.ts';
import { href } from '../../router/router.ts';
import { base } from '../../theme/base.ts';
import type { Answer, ToolCall } from './answer.ts';
import { costText, tokensText } from './figures.ts';
import './play-error.ts';
import { bubbles } from './play-styles.ts';
import './tool-card.ts';
import { watch } from './watch.ts';

/** Shorter times of reasoning are those of a provider that sends it in one piece. */
const LEAST_SHOWN_MS = 50;

/** An answer as it comes. Fires `gw-retry`, and `gw-result` with `{call, result}`. */
@customElement('gw-play-answer')
export class GwPlayAnswer extends LitElement {
  static override styles = [
    base,
    bubbles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        gap: var(--ha-space-3);
        min-inline-size: 0;
      }
      details {
        max-inline-size: 100%;
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        min-block-size: 32px;
        padding-inline: var(--ha-space-1) var(--ha-space-2);
        border-radius: var(--ha-border-radius-md);
        color: var(--secondary-text-color);
        cursor: pointer;
        list-style: none;
        font-variant-numeric: tabular-nums;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      details[open] summary .turn {
        rotate: 180deg;
      }
      .reasoning {
        margin-inline-start: var(--ha-space-3);
        padding-inline-start: var(--ha-space-4);
        border-inline-start: 2px solid var(--divider-color);
        color: var(--secondary-text-color);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .waiting {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        min-block-size: 32px;
        color: var(--secondary-text-color);
      }
      .bubble + .under {
        margin-block-start: calc(-1 * var(--ha-space-2));
      }
      @media (pointer: coarse) {
        summary {
          min-block-size: 44px;
        }
      }
    `,
  ];

  @property({ attribute: false }) answer: Answer | null = null;
  /** Whether it is the last one, whose tools can be answered. */
  @property({ type: Boolean }) last = false;
  /** Hash of the key calls are made as. */
  @property() key = '';
  /** Beside the answer of another model. */
  @property({ type: Boolean }) compared = false;

  constructor() {
    super();
    watch(this, () => (this.answer ? [this.answer] : []));
  }

  override render() {
    const { answer } = this;
    if (!answer) return nothing;
    const running = answer.state === 'streaming';
    return html`${answer.state === 'waiting' ? html`<span class="waiting"><gw-ring size="xs"></gw-ring>${t('playground.waiting')}</span>` : nothing}
    ${answer.reasoning === '' && answer.tokens.reasoning === 0 ? nothing : this.#reasoning(answer)}
    ${
      answer.text === ''
        ? nothing
        : html`<div class="bubble model">
            <gw-markdown .text=${answer.text} ?growing=${running && answer.toolCalls.length === 0}></gw-markdown>
          </div>`
    }
    ${repeat(
      answer.toolCalls.filter(Boolean),
      ({ id }) => id,
      (call) => this.#tool(answer, call),
    )}
    ${
      answer.error
        ? html`<gw-play-error
            .error=${answer.error}
            .at=${answer.failedAt}
            model=${answer.model}
            key=${this.key}
            @gw-retry=${this.#retry}
          ></gw-play-error>`
        : nothing
    }
    ${answer.running || (answer.state === 'failed' && answer.text === '') ? nothing : this.#under(answer)}`;
  }

  #reasoning(answer: Answer) {
    const { reasoning, reasonedMs, tokens, text } = answer;
    const thinks = answer.running && reasonedMs === null && text === '';
    const figures =
      tokens.reasoning > 0 ? t('playground.reasoned_tokens', { tokens: count(tokens.reasoning), count: tokens.reasoning }) : null;
    const words = thinks
      ? t('playground.reasoning')
      : reasonedMs === null || reasonedMs < LEAST_SHOWN_MS
        ? t('playground.reasoned')
        : t('playground.reasoned_for', { time: duration(reasonedMs) });
    const title = html`<gw-icon size="s" .path=${mdiLightbulbOnOutline}></gw-icon
      ><span>${words}${figures && !thinks ? `, ${figures}` : nothing}</span>`;
    if (reasoning === '') return html`<span class="waiting">${title}</span>`;
    return html`<details>
      <summary>${title}<gw-icon class="turn" size="s" .path=${mdiChevronDown}></gw-icon></summary>
      <div class="reasoning" dir="auto">${reasoning}</div>
    </details>`;
  }

  #tool(answer: Answer, call: ToolCall) {
    const growing = answer.running && call === answer.toolCalls.at(-1);
    return html`<gw-play-tool
      name=${call.name}
      .given=${call.arguments}
      .result=${call.result}
      ?growing=${growing}
      ?open=${this.last && !answer.running}
      @gw-result=${(event: CustomEvent<string>) => this.#giveResult(call, event.detail)}
    ></gw-play-tool>`;
  }

  #under(answer: Answer) {
    const failed = answer.state === 'failed';
    // Side by side the figures stand below.
    const figures = failed || this.compared ? [] : [costText(answer), tokensText(answer), firstToken(answer)];
    return html`<div class="under">
      ${answer.state === 'stopped' ? html`<gw-badge tone="warn">${t('playground.stopped')}</gw-badge>` : nothing}
      ${answer.finish === 'length' ? html`<gw-badge tone="warn">${t('playground.cut')}</gw-badge>` : nothing}
      ${answer.finish === 'content_filter' ? html`<gw-badge tone="warn">${t('playground.filtered')}</gw-badge>` : nothing}
      ${figures.filter((figure) => figure !== null).map((figure) => html`<bdi>${figure}</bdi>`)}
      ${answer.booked !== null && answer.callId !== null ? html`<a href=${href(`logs/${answer.callId}`)}>${t('playground.show_call')}</a>` : nothing}
      <span class="tools">
        <gw-icon-button size="small" .path=${mdiRefresh} label=${t('playground.again')} @click=${this.#retry}></gw-icon-button
        >${answer.text === '' ? nothing : html`<gw-copy text=${answer.text} label=${t('playground.copy_answer')}></gw-copy>`}
      </span>
    </div>`;
  }

  #retry(): void {
    this.dispatchEvent(new CustomEvent('gw-retry'));
  }

  #giveResult(call: ToolCall, result: string): void {
    this.dispatchEvent(new CustomEvent('gw-result', { detail: { call: call.id, result } }));
  }
}

function firstToken({ firstTokenMs }: Answer): string | null {
  return firstTokenMs === null ? null : t('playground.first_token_in', { time: duration(firstTokenMs) });
}
