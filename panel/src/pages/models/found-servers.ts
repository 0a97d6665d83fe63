import { mdiPlus, mdiRefresh } from '@mdi/js';
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { lookForServers, type FoundServer, type FoundServers } from '../../api/local-servers.ts';
import { addModel } from '../../api/models.ts';
import { toast } from '../../components/gw-toasts.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { newModels, shortAddress } from './found-texts.ts';
import { foundStyles } from './found-styles.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';

/**
 * Servers of models in the house whose models are not models of the gateway yet, in the shape of "Discovered". Fires `gw-found` with what a
 * look found, `gw-added` after models were added, `gw-other-address`, and `gw-locked` with a server that asks for a key.
 */
@customElement('gw-found-servers')
export class GwFoundServers extends LitElement {
  static override styles = [base, layout, foundStyles];

  @property({ attribute: false }) found: FoundServers | null = null;
  /** Address of the server whose button was selected, or `look`. */
  @state() private _busy = '';

  override render() {
    const servers = this.found?.servers.filter((server) => server.needs_key || newModels(server).length > 0) ?? [];
    const silent = this.found?.addresses.filter(({ state }) => state !== 'found') ?? [];
    if (servers.length + silent.length === 0) return nothing;
    return html`<section aria-labelledby="title">
      <div class="spread head">
        <h2 class="section-title" id="title">${t('models.found.title')}</h2>
        <gw-button
          small
          icon=${mdiRefresh}
          label=${t('models.found.look')}
          ?loading=${this._busy === 'look'}
          @click=${() => this.#look({}, 'look')}
          ><span class="wide-only">${t('models.found.look')}</span></gw-button
        >
      </div>
      <div class="found-grid">
        ${servers.map((server) => this.#server(server))} ${silent.map(({ address, reason }) => this.#silent(address, reason))}
        <button type="button" class="found-add" @click=${() => this.dispatchEvent(new CustomEvent('gw-other-address'))}>
          <span class="plus"><gw-icon .path=${mdiPlus}></gw-icon></span>
          <span
            ><span class="row-title medium">${t('models.found.another')}</span
            ><span class="row-note">${t('models.found.another_note')}</span></span
          >
        </button>
      </div>
    </section>`;
  }

  #server(server: FoundServer) {
    const { address, kind, name } = server;
    const fresh = newModels(server);
    return html`<gw-card flush class="found">
      <div class="what">
        <gw-provider size="l" provider=${kind} name=${name}></gw-provider>
        <div class="grow">
          <h3 class="row-title medium">${name}</h3>
          <div class="row-note number">${shortAddress(address)}</div>
        </div>
      </div>
      <div class="models small secondary ellipsis" title=${fresh.map(({ id }) => id).join(', ')}>
        ${server.needs_key ? t('models.found.locked') : fresh.map(({ ready }) => ready.model_name).join(', ')}
      </div>
      <div class="buttons">
        <gw-button small label=${t('models.found.ignore_of', { name })} @click=${() => this.#ignore(server)}
          >${t('models.found.ignore')}</gw-button
        >
        ${
          server.needs_key
            ? html`<gw-button small look="filled" @click=${() => this.dispatchEvent(new CustomEvent('gw-locked', { detail: server }))}
                >${t('models.found.enter_key')}</gw-button
              >`
            : html`<gw-button
                small
                look="filled"
                label=${t('models.found.add_of', { name, count: fresh.length })}
                ?loading=${this._busy === address}
                ?disabled=${this._busy !== '' && this._busy !== address}
                @click=${() => this.#add(server)}
                >${t('models.found.add', { count: fresh.length })}</gw-button
              >`
        }
      </div>
    </gw-card>`;
  }

  /** An address that was named and does not answer. */
  #silent(address: string, reason: string | null) {
    return html`<gw-card flush class="found">
      <div class="what">
        <gw-provider size="l" provider="llamacpp"></gw-provider>
        <div class="grow">
          <h3 class="row-title medium number">${shortAddress(address)}</h3>
          <div class="row-note">${reason ?? t('models.found.silent')}</div>
        </div>
      </div>
      <div class="buttons">
        <gw-button
          small
          label=${t('models.found.forget_of', { name: shortAddress(address) })}
          @click=${() => this.#look({ forget: [address] }, address)}
          >${t('models.found.forget')}</gw-button
        >
      </div>
    </gw-card>`;
  }

  /** One after another: what was added stays, and the first refusal is told. */
  async #add(server: FoundServer): Promise<void> {
    this._busy = server.address;
    const added: string[] = [];
    try {
      for (const { ready } of newModels(server)) {
        await addModel(ready);
        added.push(ready.model_name);
      }
      toast(t('models.found.added', { count: added.length, name: added[0] ?? '' }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(t('models.found.not_added', { count: added.length, reason: error.message }));
    } finally {
      this._busy = '';
      this.dispatchEvent(new CustomEvent('gw-added'));
    }
  }

  async #ignore(server: FoundServer): Promise<void> {
    const { address, name } = server;
    const done = await this.#look({ forget: [address] }, address);
    if (!done) return;
    toast(t('models.found.ignored', { name }), {
      action: { label: t('models.undo'), run: () => void this.#look({ addresses: [address] }, address) },
    });
  }

  async #look(change: { addresses?: readonly string[]; forget?: readonly string[] }, busy: string): Promise<boolean> {
    this._busy = busy;
    try {
      const found = await lookForServers(change);
      this.dispatchEvent(new CustomEvent<FoundServers>('gw-found', { detail: found }));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message);
      return false;
    } finally {
      this._busy = '';
    }
  }
}
