import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GwPage } from '../../page.ts';
import '../../components/gw-loading.ts';

@customElement('gw-models-page')
export class GwModelsPage extends GwPage {
  override render() {
    return html`<gw-loading></gw-loading>`;
  }
}
