import { mdiDeleteOutline } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { KeyChoice } from '../../api/playground.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-picker.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { keyPick, loadKeyPicks } from './picks.ts';
import './play-settings.ts';
import { playground } from './playground.ts';
import type { PlaySettings } from './settings.ts';
import { watch } from './watch.ts';

/** The settings where there is no room for them beside the conversation; when narrow, the key and Clear too. Fires `gw-close`, `gw-clear`. */
@customElement('gw-play-settings-dialog')
export class GwPlaySettingsDialog extends LitElement {
  static override styles = [
    base,
    css`
      .key {
        padding-block-end: var(--ha-space-4);
      }
      .key gw-picker {
        inline-size: 100%;
      }
    `,
  ];

  constructor() {
    super();
    watch(this, () => [playground]);
  }

  override render() {
    const models = playground.columns.map(({ model }) => model);
    return html`<gw-dialog open heading=${t('playground.settings')} @gw-close=${this.#close}>
      <div class="key narrow-only">
        <gw-picker
          label=${t('playground.key')}
          .picked=${keyPick(playground.key)}
          .load=${loadKeyPicks}
          @gw-pick=${(event: CustomEvent<KeyChoice | null>) => playground.chooseKey(event.detail)}
        ></gw-picker>
      </div>
      <gw-play-settings
        .settings=${playground.settings}
        .tools=${models.some((model) => model?.tools === false) ? false : null}
        .reasoning=${models.some((model) => model?.reasoning === false) ? false : null}
        @gw-set=${(event: CustomEvent<Partial<PlaySettings>>) => playground.set(event.detail)}
      ></gw-play-settings>
      <gw-button class="narrow-only" slot="lead" tone="neutral" .icon=${mdiDeleteOutline} @click=${this.#clear}
        >${t('playground.clear')}</gw-button
      >
      <gw-button slot="footer" look="filled" @click=${this.#close}>${t('playground.done')}</gw-button>
    </gw-dialog>`;
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }

  #clear(): void {
    this.dispatchEvent(new CustomEvent('gw-clear'));
    this.#close();
  }
}
