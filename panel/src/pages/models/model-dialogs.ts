import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import type { FoundServer } from '../../api/local-servers.ts';
import { readStoredModel, type Model, type StoredModel } from '../../api/models.ts';
import { toast } from '../../components/gw-toasts.ts';
import { t, useProviderTexts } from '../../i18n/texts.ts';
import type { ModelDone } from './model-trial.ts';
import type { Picked } from './provider-picker.ts';

type Open =
  | { readonly is: 'provider' }
  | { readonly is: 'address' }
  | { readonly is: 'model'; readonly picked: Picked; readonly model: StoredModel | null };

/** The dialogs of models, one at a time, fetched when they are first opened. Fires `gw-changed` when a model is there or changed, and passes on `gw-found`. */
@customElement('gw-model-dialogs')
export class GwModelDialogs extends LitElement {
  @property({ attribute: false }) found: readonly FoundServer[] = [];
  /** Deployments of the gateway by provider. */
  @property({ attribute: false }) used: ReadonlyMap<string, number> = new Map();
  @state() private _open: Open | null = null;

  /** Begins with whose model it is. */
  readonly add = async () => {
    await Promise.all([import('./provider-dialog.ts'), useProviderTexts()]);
    this._open = { is: 'provider' };
  };

  /** Begins with the fields. */
  readonly addOf = async (picked: Picked) => {
    await this.#openForm(picked, null);
  };

  readonly otherAddress = async () => {
    await import('./address-dialog.ts');
    this._open = { is: 'address' };
  };

  readonly edit = async ({ model_info: { id, litellm_provider: provider } }: Model) => {
    try {
      await this.#openForm({ provider, server: null }, await readStoredModel(id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message);
    }
  };

  override render() {
    const open = this._open;
    if (!open) return nothing;
    switch (open.is) {
      case 'provider':
        return html`<gw-provider-dialog
          .found=${this.found}
          .used=${this.used}
          @gw-picked=${({ detail }: CustomEvent<Picked>) => void this.addOf(detail)}
          @gw-other-address=${this.otherAddress}
          @gw-close=${this.#close}
        ></gw-provider-dialog>`;
      case 'address':
        return html`<gw-address-dialog @gw-found=${this.#pass} @gw-close=${this.#close}></gw-address-dialog>`;
      case 'model':
        return html`<gw-model-dialog
          .picked=${open.picked}
          .model=${open.model}
          @gw-back=${this.add}
          @gw-done=${this.#onDone}
          @gw-close=${this.#close}
        ></gw-model-dialog>`;
    }
  }

  async #openForm(picked: Picked, model: StoredModel | null): Promise<void> {
    await Promise.all([import('./model-dialog.ts'), useProviderTexts()]);
    this._open = { is: 'model', picked, model };
  }

  readonly #close = () => {
    this._open = null;
  };

  readonly #onDone = ({ detail: { name, warnings } }: CustomEvent<ModelDone>) => {
    const changed = this._open?.is === 'model' && this._open.model !== null;
    this.#close();
    toast([t(changed ? 'models.edit.done' : 'models.add.done', { name }), ...warnings].join(' '));
    this.dispatchEvent(new CustomEvent('gw-changed'));
  };

  readonly #pass = (event: CustomEvent<unknown>) => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
  };
}
