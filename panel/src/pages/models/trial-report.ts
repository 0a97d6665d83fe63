import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectionTestAnswer } from '../../../../src/contract/connection-test.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { failureTitle } from './advice.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-code.ts';

/** Why a test failed: who said what in its own words, what that leaves untouched, and the whole answer folded. */
@customElement('gw-trial-report')
export class GwTrialReport extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-end: var(--ha-space-4);
      }
      summary {
        display: inline;
        color: var(--gw-text-brand);
        cursor: pointer;
      }
      gw-code {
        margin-block-start: var(--ha-space-2);
        --gw-code-height: 240px;
      }
    `,
  ];

  @property({ attribute: false }) result!: ConnectionTestAnswer['result'];
  @property() provider = '';
  /** Said of what did not happen: "Nothing was added." */
  @property() left = '';

  override render() {
    const { error, provider_status: status } = this.result;
    const words = error ?? '';
    const said = status === null ? t('models.failed.said', { words }) : t('models.failed.answered', { status: String(status), words });
    return html`<gw-alert kind="error" announce heading=${failureTitle(this.result, this.provider)}>
      <div>${words === '' ? nothing : said} ${this.left}</div>
      <details>
        <summary>${t('models.failed.whole')}</summary>
        <gw-code wrap label=${t('models.failed.whole')} text=${JSON.stringify(this.result, null, 2)}></gw-code>
      </details>
    </gw-alert>`;
  }
}
