import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { playground } from './playground.ts';
import './play-answer.ts';
import './play-question.ts';
import type { Column } from './turns.ts';

/** How far from its end a conversation still counts as read to the end, pixels. */
const NEAR_END = 80;

/** A conversation. It stays at its end while an answer grows, unless the reader scrolled up. */
@customElement('gw-play-conversation')
export class GwPlayConversation extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-block-size: 0;
      }
      .log {
        flex: 1;
        min-block-size: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .log:focus-visible {
        outline-offset: -2px;
      }
      .turns {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-3);
        inline-size: 100%;
        max-inline-size: 800px;
        margin-inline: auto;
        padding: var(--ha-space-6) var(--ha-space-4);
      }
    `,
  ];

  @property({ attribute: false }) column: Column | null = null;
  @property({ type: Number }) index = 0;
  @property() key = '';
  @query('.log') private readonly _log!: HTMLElement;
  @query('.turns') private readonly _turns!: HTMLElement;
  readonly #sizes = new ResizeObserver(() => this.#stay());
  #atEnd = true;

  override disconnectedCallback(): void {
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    this.#sizes.observe(this._turns);
    this.#sizes.observe(this._log);
  }

  override render() {
    const turns = this.column?.turns ?? [];
    const last = turns.at(-1);
    return html`<div class="log" tabindex="0" role="region" aria-label=${this.#label()} @scroll=${this.#onScroll}>
      <div class="turns">
        ${repeat(
          turns,
          ({ id }) => id,
          (turn) =>
            turn.kind === 'question'
              ? html`<gw-play-question .question=${turn} @gw-again=${this.#onAgain}></gw-play-question>`
              : html`<gw-play-answer
                  .answer=${turn}
                  ?last=${turn === last}
                  ?compared=${playground.comparing}
                  key=${this.key}
                  @gw-retry=${() => playground.answerAgain(this.index, turn.id)}
                  @gw-result=${(event: CustomEvent<{ call: string; result: string }>) =>
                    playground.giveResult(this.index, turn, event.detail.call, event.detail.result)}
                ></gw-play-answer>`,
        )}
        ${turns.length === 0 ? html`<slot></slot>` : nothing}
      </div>
    </div>`;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('column') as Column | null | undefined;
    // Whoever asks wants to see the answer.
    if (changed.has('column') && (before?.turns.length ?? 0) < (this.column?.turns.length ?? 0)) this.#atEnd = true;
  }

  #label(): string {
    const model = this.column?.model?.name;
    return playground.comparing && model ? t('playground.conversation_with', { model }) : t('playground.conversation');
  }

  #onAgain(event: CustomEvent<{ id: string; text: string }>): void {
    playground.askAgain(event.detail.id, event.detail.text);
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this._log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #stay(): void {
    if (this.#atEnd) this._log.scrollTop = this._log.scrollHeight;
  }
}
