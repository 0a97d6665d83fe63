import { html, LitElement } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { lookForServers, type FoundServers } from '../../api/local-servers.ts';
import type { GwTextField } from '../../components/gw-text-field.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-text-field.ts';

/** Names the address of a server of models and looks there. Fires `gw-found` with what was found, and `gw-close`. */
@customElement('gw-address-dialog')
export class GwAddressDialog extends LitElement {
  static override styles = [base, layout];

  @state() private _busy = false;
  @state() private _address = '';
  @state() private _error = '';
  @query('gw-text-field') private readonly _field!: GwTextField;

  override render() {
    return html`<gw-dialog open heading=${t('models.address.title')} @gw-close=${this.#close}>
      <form @submit=${this.#submit}>
        <p class="secondary">${t('models.address.text')}</p>
        <gw-text-field
          autofocus
          name="addresses"
          type="url"
          label=${t('models.address.label')}
          placeholder="192.168.1.20:11434"
          helper=${t('models.address.help')}
          error=${this._error}
          .value=${this._address}
          @value-changed=${(event: CustomEvent<{ value: string }>) => this.#typed(event.detail.value)}
        ></gw-text-field>
      </form>
      <gw-button slot="footer" @click=${this.#close}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._busy} @click=${this.#submit}>${t('models.address.submit')}</gw-button>
    </gw-dialog>`;
  }

  #typed(value: string): void {
    this._address = value;
    this._error = '';
  }

  readonly #close = () => {
    this.dispatchEvent(new CustomEvent('gw-close'));
  };

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    const address = this._address.trim();
    if (address === '') return this.#mark(t('models.address.missing'));
    this._busy = true;
    try {
      const found = await lookForServers({ addresses: [address] });
      this.dispatchEvent(new CustomEvent<FoundServers>('gw-found', { detail: found }));
      const state = lastAddress(found);
      if (state === null) this.#close();
      else this.#mark(state);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#mark(error.message);
    } finally {
      this._busy = false;
    }
  };

  #mark(message: string): void {
    this._error = message;
    this._field.focus();
  }
}

/** Why the address that was named last did not answer; null when it did. */
function lastAddress({ addresses }: FoundServers): string | null {
  const last = addresses.at(-1);
  if (!last || last.state === 'found') return null;
  return last.reason ?? t('models.address.no_answer');
}
