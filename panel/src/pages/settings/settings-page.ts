import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GwPage } from '../../page.ts';
import '../../components/gw-loading.ts';

@customElement('gw-settings-page')
export class GwSettingsPage extends GwPage {
  override render() {
    return html`<gw-loading></gw-loading>`;
  }
}
