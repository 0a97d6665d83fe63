import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GwPage } from '../../page.ts';
import '../../components/gw-loading.ts';

@customElement('gw-usage-page')
export class GwUsagePage extends GwPage {
  override render() {
    return html`<gw-loading></gw-loading>`;
  }
}
