import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../../components/gw-chip.ts';
import '../../components/gw-expander.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-select.ts';
import type { Option } from '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';
import type { ValueChanged } from '../../components/field.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { readSettings, toolNames, type PlaySettings, type SettingsError, type SettingsErrors } from './settings.ts';
import { TOOL_EXAMPLES, withTool } from './tool-examples.ts';

/** What is set beside the conversation. Fires `gw-set` with what changed, at each edit. */
@customElement('gw-play-settings')
export class GwPlaySettings extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-2);
      }
      .examples {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ha-space-2);
        padding-block-end: var(--ha-space-2);
      }
      gw-text-field[name='tools'],
      gw-text-field[name='more'] {
        font-family: var(--ha-font-family-code);
      }
    `,
  ];

  @property({ attribute: false }) settings!: PlaySettings;
  /** Whether the model can call tools; null: not known. */
  @property({ attribute: false }) tools: boolean | null = null;
  @property({ attribute: false }) reasoning: boolean | null = null;

  override render() {
    const { settings } = this;
    const { errors } = readSettings(settings);
    const names = toolNames(settings.tools);
    return html`<gw-select
        name="reasoning"
        label=${t('playground.set.reasoning')}
        helper=${this.reasoning === false ? t('playground.set.reasoning_not') : ''}
        .options=${reasoningOptions()}
        .value=${settings.reasoning}
        @value-changed=${this.#set('reasoning')}
      ></gw-select>
      ${this.#number('maxTokens', errors, { unit: t('playground.set.tokens'), whole: true })}
      ${this.#number('temperature', errors, { helper: t('playground.set.temperature_helper') })}
      <gw-expander
        heading=${t('playground.set.system')}
        note=${settings.system.trim() === '' ? t('playground.set.none') : t('playground.set.characters', { count: settings.system.length })}
      >
        <gw-text-field
          name="system"
          lines="5"
          label=${t('playground.set.system')}
          helper=${t('playground.set.system_helper')}
          .value=${settings.system}
          @value-changed=${this.#set('system')}
        ></gw-text-field>
      </gw-expander>
      <gw-expander
        heading=${t('playground.set.tools')}
        note=${errors.tools ? t('playground.set.wrong') : names.length === 0 ? t('playground.set.none') : t('playground.set.tool_count', { count: names.length })}
      >
        ${this.#toolFields(errors)}
      </gw-expander>
      <gw-expander heading=${t('playground.set.further')} note=${this.#furtherNote(errors)}>${this.#further(errors)}</gw-expander>`;
  }

  #number(name: 'maxTokens' | 'temperature' | 'topP' | 'seed', errors: SettingsErrors, { unit = '', helper = '', whole = false } = {}) {
    return html`<gw-number-field
      name=${name}
      label=${t(`playground.set.${name}`)}
      unit=${unit}
      helper=${helper}
      error=${said(errors[name])}
      ?whole=${whole}
      .value=${this.settings[name]}
      @value-changed=${this.#set(name)}
    ></gw-number-field>`;
  }

  #toolFields(errors: SettingsErrors) {
    const { settings } = this;
    return html`<div class="examples">
        <span class="small secondary">${t('playground.set.examples')}</span>
        ${TOOL_EXAMPLES.map(
          ({ label, tool }) => html`<gw-chip @click=${() => this.#change({ tools: withTool(settings.tools, tool) })}>${t(label)}</gw-chip>`,
        )}
      </div>
      <gw-text-field
        name="tools"
        lines="8"
        label=${t('playground.set.tools_label')}
        helper=${this.tools === false ? t('playground.set.tools_not') : t('playground.set.tools_helper')}
        error=${said(errors.tools)}
        .value=${settings.tools}
        @value-changed=${this.#set('tools')}
      ></gw-text-field>
      <gw-select
        name="toolChoice"
        label=${t('playground.set.tool_choice')}
        .options=${toolChoices()}
        .value=${settings.toolChoice}
        @value-changed=${this.#set('toolChoice')}
      ></gw-select>`;
  }

  #further(errors: SettingsErrors) {
    const { settings } = this;
    return html`${this.#number('topP', errors, { helper: t('playground.set.topP_helper') })}
      ${this.#number('seed', errors, { helper: t('playground.set.seed_helper'), whole: true })}
      <gw-select
        name="format"
        label=${t('playground.set.format')}
        .options=${formats()}
        .value=${settings.format}
        @value-changed=${this.#set('format')}
      ></gw-select>
      <gw-text-field
        name="stop"
        lines="2"
        label=${t('playground.set.stop')}
        helper=${t('playground.set.stop_helper')}
        .value=${settings.stop}
        @value-changed=${this.#set('stop')}
      ></gw-text-field>
      <gw-text-field
        name="more"
        lines="4"
        label=${t('playground.set.more')}
        helper=${t('playground.set.more_helper', { example: '{"top_k": 40}' })}
        error=${said(errors.more)}
        .value=${settings.more}
        @value-changed=${this.#set('more')}
      ></gw-text-field>`;
  }

  #furtherNote(errors: SettingsErrors): string {
    const { topP, seed, format, stop, more } = this.settings;
    if (errors.topP || errors.seed || errors.more) return t('playground.set.wrong');
    const set = [topP, seed, format, stop, more].filter((value) => value.trim() !== '').length;
    return set === 0 ? '' : t('playground.set.set_count', { count: set });
  }

  #set(name: keyof PlaySettings) {
    return (event: ValueChanged) => {
      event.stopPropagation();
      this.#change({ [name]: event.detail.value });
    };
  }

  #change(changes: Partial<PlaySettings>): void {
    this.dispatchEvent(new CustomEvent<Partial<PlaySettings>>('gw-set', { detail: changes }));
  }
}

function said(error: SettingsError | undefined): string {
  return error ? t(`playground.set.${error.text}`, 'values' in error ? error.values : {}) : '';
}

function reasoningOptions(): Option[] {
  const efforts = ['none', 'minimal', 'low', 'medium', 'high'] as const;
  return [
    { value: '', label: t('playground.set.model_decides') },
    ...efforts.map((value) => ({ value, label: t(`playground.set.effort_${value}`) })),
  ];
}

function toolChoices(): Option[] {
  return [
    { value: '', label: t('playground.set.model_decides') },
    { value: 'required', label: t('playground.set.choice_required') },
    { value: 'none', label: t('playground.set.choice_none') },
  ];
}

function formats(): Option[] {
  return [
    { value: '', label: t('playground.set.format_text') },
    { value: 'json_object', label: t('playground.set.format_json') },
  ];
}
