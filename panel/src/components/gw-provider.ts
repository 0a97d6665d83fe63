import { mdiServerNetwork } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { setStyle } from '../theme/set-style.ts';
import { seriesColor } from './series-color.ts';
import './gw-icon.ts';

/** Servers people run at home show a server instead of a letter. */
const LOCAL = new Set([
  'ollama',
  'ollama_chat',
  'lm_studio',
  'llama_cpp',
  'llamacpp',
  'llamafile',
  'hosted_vllm',
  'vllm',
  'sglang',
  'xinference',
  'localai',
  'koboldcpp',
  'jan',
  'openai_like',
]);
const LETTERS: Readonly<Record<string, string>> = { bedrock: 'B', groq: 'Q', gemini: 'G', vertex_ai: 'V' };

/** A provider's tile: its letter on a tint of its color in charts. 24, 32 or 40 px. Decoration: its name stands beside it. */
@customElement('gw-provider')
export class GwProvider extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      vertical-align: middle;
    }
    span {
      display: inline-flex;
      align-items: center;
      justify-content: center;
      inline-size: 32px;
      block-size: 32px;
      border-radius: var(--ha-border-radius-md);
      background: color-mix(in srgb, var(--tile) var(--gw-tint), var(--card-background-color));
      color: var(--primary-text-color);
      font-size: 13px;
      font-weight: var(--ha-font-weight-medium);
    }
    .s {
      inline-size: 24px;
      block-size: 24px;
      border-radius: 6px;
      font-size: 11px;
      --gw-icon-size: 16px;
    }
    .l {
      inline-size: 40px;
      block-size: 40px;
      border-radius: 10px;
      font-size: var(--ha-font-size-l);
    }
  `;

  /** Id as the catalogue has it (`openai`). */
  @property() provider = '';
  /** Name as people read it; its first letter is shown. */
  @property() name = '';
  @property() size: 's' | 'm' | 'l' = 'm';

  override render() {
    const id = this.provider.toLowerCase();
    const letter = LETTERS[id] ?? ((this.name || this.provider).match(/[\p{L}\p{N}]/u)?.[0] ?? '?').toUpperCase();
    return html`<span class=${this.size} ${setStyle({ '--tile': seriesColor(id) })} aria-hidden="true"
      >${LOCAL.has(id) ? html`<gw-icon size=${this.size === 's' ? 'xs' : 's'} .path=${mdiServerNetwork}></gw-icon>` : letter}</span
    >`;
  }
}
