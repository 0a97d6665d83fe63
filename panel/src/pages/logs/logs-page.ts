import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GwPage } from '../../page.ts';
import '../../components/gw-loading.ts';

@customElement('gw-logs-page')
export class GwLogsPage extends GwPage {
  override render() {
    return html`<gw-loading></gw-loading>`;
  }
}
