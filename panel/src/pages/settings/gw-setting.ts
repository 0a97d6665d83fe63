import { mdiMenuDown } from '@mdi/js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { ApiError } from '../../api/client.ts';
import { plainText, UNSET, type Setting, type Wanted } from '../../api/settings.ts';
import '../../components/gw-icon.ts';
import type { Option } from '../../components/gw-select.ts';
import '../../components/gw-switch.ts';
import { base, layout } from '../../theme/base.ts';
import { saveSetting } from './save-setting.ts';
import { settingStyles } from './setting-styles.ts';
import { isElsewhere, placeOf } from './setting-source.ts';

/** A number, or the text as it is: the server says what is wrong with it. Nothing takes the setting out. */
export function numberWanted(text: string): Wanted {
  const written = text.trim().replace(',', '.');
  if (written === '') return UNSET;
  return { is: 'value', value: Number.isFinite(Number(written)) ? Number(written) : text };
}

export const textWanted = (text: string): Wanted => (text === '' ? UNSET : { is: 'value', value: text });

/**
 * One setting as a line: what it is called, what it means, and its value, which is saved as soon as it is entered. What stands in the file or
 * the environment is shown with its place; a refused value stays with what is wrong with it.
 */
@customElement('gw-setting')
export class GwSetting extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, layout, settingStyles];

  @property({ attribute: false }) setting: Setting | undefined;
  @property() heading = '';
  @property() note = '';
  @property() kind: 'number' | 'text' | 'choice' | 'switch' = 'number';
  @property() unit = '';
  /** What stands in an empty field: no limit. */
  @property() placeholder = '';
  @property({ attribute: false }) options: readonly Option[] = [];
  /** How the value is written in the field. */
  @property({ attribute: false }) shown: (value: unknown) => string = plainText;
  /** What is meant by the text of the field. */
  @property({ attribute: false }) wanted: (text: string) => Wanted = numberWanted;
  /** The reader may change nothing. */
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;
  @state() private _typed: string | null = null;
  @state() private _error = '';
  @state() private _saving = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('setting') && this._error === '' && !this._saving) this._typed = null;
  }

  override render() {
    const { setting } = this;
    if (!setting) return nothing;
    const place = placeOf(setting);
    return html`<div class="settings-row ${this._error ? 'invalid' : ''}">
      <div class="grow">
        <label class="row-title" for="control" id="title">${this.heading}</label>
        <div class="row-note" id="note">${this.note}${place ? html` <span class="place">${place}</span>` : nothing}</div>
        <div class="error" id="error" role=${this._error ? 'alert' : nothing}>${this._error}</div>
      </div>
      ${this.readOnly || isElsewhere(setting) ? this.#fixed(setting) : this.#control(setting)}
    </div>`;
  }

  /** The value alone. */
  #fixed({ field_value: value }: Setting) {
    const text = this.shown(value);
    const chosen = this.options.find((option) => option.value === text)?.label;
    const words = chosen ?? (text === '' ? this.placeholder : `${text}${this.unit ? ` ${this.unit}` : ''}`);
    return html`<span class="fixed number"><bdi>${words}</bdi></span>`;
  }

  #control({ field_value: value }: Setting) {
    const text = this._typed ?? this.shown(value);
    switch (this.kind) {
      case 'number':
      case 'text':
        return this.#field(text);
      case 'choice':
        return this.#choice(text);
      case 'switch':
        return html`<gw-switch
          id="control"
          label=${this.heading}
          ?checked=${text === 'true'}
          ?disabled=${this._saving}
          @value-changed=${({ detail }: CustomEvent<{ value: boolean }>) => this.#save(String(detail.value))}
        ></gw-switch>`;
    }
  }

  #field(text: string) {
    return html`<span class="box ${this.kind}"
      ><input
        id="control"
        inputmode=${this.kind === 'number' ? 'decimal' : 'text'}
        autocomplete="off"
        aria-describedby="note error"
        aria-invalid=${this._error ? 'true' : nothing}
        placeholder=${this.placeholder}
        .value=${live(text)}
        @input=${(event: InputEvent) => (this._typed = (event.target as HTMLInputElement).value)}
        @change=${(event: Event) => this.#save((event.target as HTMLInputElement).value)}
      />${this.unit ? html`<span class="unit">${this.unit}</span>` : nothing}</span
    >`;
  }

  #choice(text: string) {
    const known = this.options.some(({ value }) => value === text) ? this.options : [...this.options, { value: text, label: text }];
    return html`<span class="box choice"
      ><select
        id="control"
        aria-describedby="note error"
        aria-invalid=${this._error ? 'true' : nothing}
        @change=${(event: Event) => this.#save((event.target as HTMLSelectElement).value)}
      >
        ${known.map(({ value, label }) => html`<option value=${value} .selected=${value === text}>${label}</option>`)}</select
      ><gw-icon .path=${mdiMenuDown}></gw-icon
    ></span>`;
  }

  async #save(text: string): Promise<void> {
    const { setting } = this;
    if (!setting) return;
    this._typed = text;
    this._error = '';
    if (text.trim() === this.shown(setting.field_value)) return;
    this._saving = true;
    try {
      await saveSetting(setting, this.wanted(text), this.heading);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this._error = withoutName(error.message, setting);
    } finally {
      this._saving = false;
    }
  }
}

/** What the server says of a value, without the name of the setting in front: it stands beside it. */
function withoutName(message: string, { section, field_name: name }: Setting): string {
  const said = message.replace(`${section}.${name} `, '');
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}
