import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { apiRoot } from '../../api/client.ts';
import '../../components/gw-button.ts';
import '../../components/gw-code.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-segments.ts';
import { haBridge } from '../../ha-bridge.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { codeOf, LANGUAGES, withShortPictures, type Language } from './code.ts';

/** Port that programs call when the panel is framed by Home Assistant, whose own address answers no program. */
const PORT = 4000;

/** The next call as a program. Fires `gw-close`. */
@customElement('gw-code-dialog')
export class GwCodeDialog extends LitElement {
  static override styles = [
    base,
    css`
      gw-code {
        margin-block: var(--ha-space-4) var(--ha-space-2);
        --gw-code-height: min(420px, 50dvh);
      }
    `,
  ];

  @property({ attribute: false }) body: Readonly<Record<string, unknown>> = {};
  @state() private _language: Language = 'curl';

  override render() {
    const shown = withShortPictures(this.body) as Readonly<Record<string, unknown>>;
    return html`<gw-dialog open size="large" heading=${t('playground.code.title')} @gw-close=${this.#close}>
      <gw-segments
        label=${t('playground.code.language')}
        .segments=${LANGUAGES.map((value) => ({ value, label: t(`playground.code.${value}`) }))}
        .value=${this._language}
        @value-changed=${(event: CustomEvent<{ value: Language }>) => (this._language = event.detail.value)}
      ></gw-segments>
      <gw-code .text=${codeOf(this._language, addressOf(), shown)} label=${t(`playground.code.${this._language}`)}></gw-code>
      <p class="secondary">${t('playground.code.key')}</p>
      <gw-button slot="footer" @click=${this.#close}>${t('actions.close')}</gw-button>
    </gw-dialog>`;
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }
}

function addressOf(): string {
  if (haBridge.framed) return `http://${location.hostname}:${PORT}/v1`;
  return new URL('v1', apiRoot()).href;
}
