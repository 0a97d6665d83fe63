import { mdiImageOutline, mdiPencil } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../../components/gw-button.ts';
import '../../components/gw-copy.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-text-field.ts';
import type { ValueChanged } from '../../components/field.ts';
import { bytes } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { bubbles } from './play-styles.ts';
import type { Picture, Question } from './turns.ts';

/** A question of the reader. Fires `gw-again` with `{id, text}` when it is asked again in other words. */
@customElement('gw-play-question')
export class GwPlayQuestion extends LitElement {
  static override styles = [
    base,
    bubbles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: flex-end;
      }
      .pictures {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ha-space-2);
      }
      img {
        display: block;
        max-inline-size: 240px;
        max-block-size: 180px;
        border-radius: var(--ha-border-radius-md);
        background: color-mix(in srgb, black 28%, transparent);
      }
      .gone {
        display: inline-flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: var(--ha-space-1);
        inline-size: 160px;
        block-size: 96px;
        padding: var(--ha-space-2);
        border-radius: var(--ha-border-radius-md);
        background: color-mix(in srgb, black 28%, transparent);
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        text-align: center;
      }
      form {
        inline-size: min(100%, 640px);
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: var(--ha-space-2);
      }
    `,
  ];

  @property({ attribute: false }) question: Question | null = null;
  @state() private _edited: string | null = null;

  override render() {
    const { question } = this;
    if (!question) return nothing;
    if (this._edited !== null) return this.#form(this._edited);
    return html`<div class="bubble user">
        ${question.pictures.length > 0 ? html`<div class="pictures">${question.pictures.map(pictureView)}</div>` : nothing}
        ${question.text === '' ? nothing : html`<div class="text" dir="auto">${question.text}</div>`}
      </div>
      <div class="under">
        <span class="tools"
          ><gw-icon-button
            size="small"
            .path=${mdiPencil}
            label=${t('playground.edit')}
            @click=${() => (this._edited = question.text)}
          ></gw-icon-button
          ><gw-copy text=${question.text} label=${t('playground.copy_question')}></gw-copy
        ></span>
      </div>`;
  }

  #form(text: string) {
    return html`<form @submit=${this.#onSubmit}>
      <gw-text-field
        autofocus
        lines="3"
        label=${t('playground.question')}
        helper=${t('playground.edit_helper')}
        .value=${text}
        @value-changed=${(event: ValueChanged) => (this._edited = event.detail.value)}
        @keydown=${this.#onKey}
      ></gw-text-field>
      <div class="buttons">
        <gw-button @click=${() => (this._edited = null)}>${t('actions.cancel')}</gw-button>
        <gw-button look="filled" type="submit" ?disabled=${text.trim() === ''}>${t('playground.send')}</gw-button>
      </div>
    </form>`;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('_edited') && changed.get('_edited') === null) this.renderRoot.querySelector<HTMLElement>('gw-text-field')?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this._edited = null;
    else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) this.#onSubmit(event);
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    const text = this._edited?.trim() ?? '';
    if (text === '' || !this.question) return;
    this._edited = null;
    this.dispatchEvent(new CustomEvent('gw-again', { detail: { id: this.question.id, text } }));
  }
}

function pictureView({ name, url, bytes: size }: Picture) {
  if (url === '')
    return html`<span class="gone"><gw-icon .path=${mdiImageOutline}></gw-icon>${t('playground.image_gone', { name })}</span>`;
  return html`<img src=${url} alt=${t('playground.image_alt', { name })} title="${name}, ${bytes(size)}" />`;
}
