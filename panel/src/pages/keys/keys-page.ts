import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GwPage } from '../../page.ts';
import '../../components/gw-loading.ts';

@customElement('gw-keys-page')
export class GwKeysPage extends GwPage {
  override render() {
    return html`<gw-loading></gw-loading>`;
  }
}
