import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import type { Answer } from './answer.ts';
import { Spoken } from './spoken.ts';
import { watch } from './watch.ts';

/** Sentences that stay; older ones were spoken long ago. */
const KEPT = 4;

/** Speaks answers to screen readers, sentence by sentence, while they grow. Nobody sees it. */
@customElement('gw-play-announcer')
export class GwPlayAnnouncer extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property({ attribute: false }) answers: readonly Answer[] = [];
  @state() private _sentences: readonly { readonly id: number; readonly text: string }[] = [];
  readonly #spoken = new WeakMap<Answer, Spoken>();
  #count = 0;

  constructor() {
    super();
    watch(
      this,
      () => this.answers,
      () => this.#speak(),
    );
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('answers')) return;
    // What was there before this began was read by the eye, or not at all.
    for (const answer of this.answers) if (answer.running && !this.#spoken.has(answer)) this.#spoken.set(answer, new Spoken());
  }

  override render() {
    return html`<div class="visually-hidden" role="log" aria-live="polite" aria-label=${t('playground.spoken')}>
      ${repeat(
        this._sentences,
        ({ id }) => id,
        ({ text }) => html`<p>${text}</p>`,
      )}
    </div>`;
  }

  #speak(): void {
    const added = this.answers.flatMap((answer) => {
      const sentences = this.#spoken.get(answer)?.next(answer) ?? [];
      return sentences.map((text) => (this.answers.length > 1 ? `${answer.model}: ${text}` : text));
    });
    if (added.length === 0) return;
    const lines = added.map((text) => ({ id: (this.#count += 1), text }));
    this._sentences = [...this._sentences, ...lines].slice(-Math.max(KEPT, lines.length));
  }
}
