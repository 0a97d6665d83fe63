import { mdiClose, mdiImagePlus, mdiSend, mdiStop } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import '../../components/gw-button.ts';
import '../../components/gw-icon-button.ts';
import { bytes } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { PICTURE_TYPES, readPictures } from './pictures.ts';
import type { Picture } from './turns.ts';

/** What `gw-ask` carries. */
export interface Asked {
  readonly text: string;
  readonly pictures: readonly Picture[];
}

/** The field below. Enter sends, with Shift it is a new line. Fires `gw-ask`, `gw-stop`, `gw-draft` with the text. */
@customElement('gw-play-composer')
export class GwPlayComposer extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: 100%;
        max-inline-size: 800px;
        margin-inline: auto;
        padding: var(--ha-space-2) var(--ha-space-4) var(--ha-space-4);
      }
      .box {
        background: var(--card-background-color);
        border: 1px solid var(--gw-input-border);
        border-radius: var(--ha-border-radius-4xl);
      }
      .box:focus-within {
        border-color: var(--primary-color);
        outline: 1px solid var(--primary-color);
      }
      .line {
        display: flex;
        align-items: flex-end;
        gap: var(--ha-space-1);
        padding: 3px var(--ha-space-1);
      }
      textarea {
        flex: 1;
        min-inline-size: 0;
        field-sizing: content;
        max-block-size: 240px;
        min-block-size: 24px;
        margin: 0;
        padding: var(--ha-space-3) 0;
        border: 0;
        outline: 0;
        resize: none;
        background: none;
        font: inherit;
        font-size: var(--ha-font-size-l);
        line-height: 24px;
        color: var(--primary-text-color);
      }
      textarea:focus-visible {
        outline: 0;
      }
      textarea::placeholder {
        color: var(--secondary-text-color);
        opacity: 1;
      }
      .stop {
        margin: var(--ha-space-1);
      }
      .pictures {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ha-space-2);
        padding: var(--ha-space-3) var(--ha-space-4) 0;
      }
      .pictures li {
        position: relative;
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        max-inline-size: 260px;
        padding-inline-end: var(--ha-space-1);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
        overflow: hidden;
      }
      img {
        inline-size: 56px;
        block-size: 56px;
        object-fit: cover;
      }
      .note {
        padding-block-start: var(--ha-space-2);
        text-align: center;
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
      .note.bad {
        color: var(--gw-text-bad);
      }
    `,
  ];

  @property() text = '';
  @property({ type: Boolean }) running = false;
  /** Why nothing can be sent, in a sentence. */
  @property() closed = '';
  /** Why pictures make no sense here, in a sentence. */
  @property({ attribute: false }) blind = '';
  /** What the reader should know of the spend. */
  @property() note = '';
  @state() private _pictures: readonly Picture[] = [];
  @state() private _problem = '';
  @query('textarea') private readonly _field!: HTMLTextAreaElement;
  @query('input[type=file]') private readonly _file!: HTMLInputElement;

  override render() {
    return html`<div class="box">
        ${
          this._pictures.length > 0
            ? html`<ul class="pictures">
                ${this._pictures.map((picture) => this.#preview(picture))}
              </ul>`
            : nothing
        }
        <div class="line">
          <gw-icon-button .path=${mdiImagePlus} label=${t('playground.picture.add')} @click=${this.#choose}></gw-icon-button>
          <textarea
            rows="1"
            aria-label=${t('playground.ask')}
            aria-describedby="note"
            placeholder=${t('playground.ask')}
            dir="auto"
            .value=${live(this.text)}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
            @paste=${this.#onPaste}
          ></textarea>
          ${
            this.running
              ? html`<gw-button class="stop" look="accent" .icon=${mdiStop} @click=${this.#stop}>${t('playground.stop')}</gw-button>`
              : html`<gw-icon-button
                  mirrored
                  .path=${mdiSend}
                  label=${t('playground.send')}
                  ?disabled=${!this.#canSend}
                  @click=${this.#send}
                ></gw-icon-button>`
          }
        </div>
      </div>
      <input
        class="visually-hidden"
        type="file"
        tabindex="-1"
        aria-hidden="true"
        multiple
        accept=${PICTURE_TYPES.join(',')}
        @change=${this.#onFiles}
      />
      <div id="note" class="note ${this._problem ? 'bad' : ''}" role="status">${this.#note()}</div>`;
  }

  /** Takes files that were dropped somewhere on the page. */
  async add(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const { pictures, problem } = await readPictures(files, this._pictures.length);
    this._pictures = [...this._pictures, ...pictures];
    this._problem = problem ?? '';
    this.focus();
  }

  #note(): string {
    if (this._problem !== '') return this._problem;
    if (this._pictures.length > 0 && this.blind !== '') return this.blind;
    return this.closed || this.note;
  }

  #preview(picture: Picture) {
    return html`<li>
      <img src=${picture.url} alt="" /><span class="grow"
        ><span class="ellipsis small">${picture.name}</span><br /><span class="small secondary">${bytes(picture.bytes)}</span></span
      ><gw-icon-button
        size="small"
        .path=${mdiClose}
        label=${t('playground.picture.remove', { name: picture.name })}
        @click=${() => (this._pictures = this._pictures.filter((other) => other !== picture))}
      ></gw-icon-button>
    </li>`;
  }

  get #canSend(): boolean {
    const said = this.text.trim() !== '' || this._pictures.length > 0;
    return said && !this.running && this.closed === '' && (this._pictures.length === 0 || this.blind === '');
  }

  #send(): void {
    if (!this.#canSend) return;
    const detail: Asked = { text: this.text.trim(), pictures: this._pictures };
    this._pictures = [];
    this._problem = '';
    this.text = '';
    this.dispatchEvent(new CustomEvent<Asked>('gw-ask', { detail }));
    this._field.focus();
  }

  #stop(): void {
    this.dispatchEvent(new CustomEvent('gw-stop'));
    this._field.focus();
  }

  #choose(): void {
    if (this.blind !== '') this._problem = this.blind;
    else this._file.click();
  }

  #onFiles(): void {
    void this.add([...(this._file.files ?? [])]);
    this._file.value = '';
  }

  #onPaste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    if (files.length === 0) return;
    event.preventDefault();
    void this.add(files);
  }

  #onInput(): void {
    this.text = this._field.value;
    this._problem = '';
    this.dispatchEvent(new CustomEvent<string>('gw-draft', { detail: this.text }));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }
}
