import { mdiLockOpenAlertOutline } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { apiUrl } from '../../api/client.ts';
import type { FoundServers } from '../../api/overview.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-copy.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import { relative } from '../../format/time.ts';
import { haBridge } from '../../ha-bridge.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';

/** The port of the API inside Home Assistant, where the page itself has another address. */
const API_PORT = 4000;

function apiAddress(): URL {
  return haBridge.framed ? new URL(`http://${location.hostname}:${API_PORT}/v1`) : apiUrl('v1');
}

/** Beside the first tasks: what was found on the network, and the address to paste. */
@customElement('gw-start-cards')
export class GwStartCards extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .note {
        display: flex;
        gap: var(--ha-space-2);
      }
    `,
  ];

  @property({ attribute: false }) found: FoundServers = { looked_at: null, servers: [] };

  override render() {
    return html`<div class="stack">${this.found.servers.length > 0 ? this.#servers() : nothing}${this.#address()}</div>`;
  }

  #servers() {
    const { looked_at: at, servers } = this.found;
    return html`<gw-card heading=${t('overview.found')} flush>
      ${at ? html`<span slot="action" class="small secondary">${t('overview.checked', { time: relative(at) })}</span>` : nothing}
      <div class="list-end">
        ${servers.map(
          ({ kind, name, address, models }) =>
            html`<div class="list-row two">
              <gw-provider provider=${kind} name=${name}></gw-provider>
              <div class="grow">
                <div class="row-title">${name}</div>
                <div class="row-note"><bdi>${address}</bdi> · ${t('overview.models_there', { count: models.length })}</div>
              </div>
              <gw-button small look="filled" href=${href('models', { found: address })} label=${t('overview.add_server', { name })}
                >${t('overview.add')}</gw-button
              >
            </div>`,
        )}
      </div>
    </gw-card>`;
  }

  #address() {
    const address = apiAddress();
    return html`<gw-card heading=${t('overview.address')}>
      <div class="stack">
        <p class="secondary">${t('overview.address_text')}</p>
        <gw-copy-line text=${address.href} label=${t('overview.copy_address')}></gw-copy-line>
        ${
          address.protocol === 'http:'
            ? html`<p class="small secondary note">
                <gw-icon size="s" path=${mdiLockOpenAlertOutline}></gw-icon><span>${t('overview.unencrypted')}</span>
              </p>`
            : nothing
        }
      </div>
    </gw-card>`;
  }
}
