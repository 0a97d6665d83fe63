import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { About } from '../../../../src/contract/panel/about.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import { done } from '../../components/open-dialog.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';

/** The packages that are shipped, each with its licence. */
@customElement('gw-licences-dialog')
export class GwLicencesDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        justify-content: space-between;
        gap: var(--ha-space-4);
        padding-block: 6px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) licences: About['licences'] = [];

  override render() {
    return html`<gw-dialog open heading=${t('settings.licences')} subtitle=${t('settings.licences_text')} @gw-close=${() => done(this)}>
      <ul class="ruled-list" tabindex="0" aria-label=${t('settings.licences')}>
        ${this.licences.map(
          ({ name, version, licence }) =>
            html`<li>
              <span>${name} <span class="secondary">${version}</span></span
              ><span>${licence}</span>
            </li>`,
        )}
      </ul>
      <gw-button slot="footer" autofocus @click=${() => done(this)}>${t('actions.close')}</gw-button>
    </gw-dialog>`;
  }
}
