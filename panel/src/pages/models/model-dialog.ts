import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { listCredentials, type NamedCredential } from '../../api/credentials.ts';
import type { ModelBody, StoredModel } from '../../api/models.ts';
import { readProviderForms, readProviders, type ProviderDetails, type ProviderForm } from '../../api/providers.ts';
import { confirm } from '../../components/confirm.ts';
import { toast } from '../../components/gw-toasts.ts';
import { pageState } from '../../components/page-states.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { base, layout } from '../../theme/base.ts';
import { failureAdvice } from './advice.ts';
import { CREDENTIAL, bodyOf, masksOf, valuesOf, WrongValue, type DraftKind, type Values } from './draft.ts';
import { formOf, newKind, storedKind } from './draft-kind.ts';
import type { GwModelForm } from './model-form.ts';
import { KnownModels } from './known-models.ts';
import { ModelTrial, type ModelDone, type Old } from './model-trial.ts';
import { hintOf, publicNameOf, suggestionOf } from './model-suggestions.ts';
import type { Picked } from './provider-picker.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import './model-form.ts';
import './trial-report.ts';

interface Catalogue {
  readonly form: ProviderForm;
  readonly details: ProviderDetails | undefined;
  readonly credentials: readonly NamedCredential[];
}

/**
 * The fields of a model, to add one (second step) or to change one. It is tried before it is kept; what failed can be kept anyway. Fires `gw-done`
 * with what came of it, `gw-back`, and `gw-close`.
 */
@customElement('gw-model-dialog')
export class GwModelDialog extends LitElement {
  static override styles = [base, layout];

  /** The model to change; null adds one. */
  @property({ attribute: false }) model: StoredModel | null = null;
  @property({ attribute: false }) picked!: Picked;
  @state() private _values: Values = {};
  @query('gw-model-form') private readonly _form!: GwModelForm | null;
  /** Whether the name for apps still follows the model's. */
  #following = true;
  #touched = false;
  readonly #trial = new ModelTrial(this);
  readonly #known = new KnownModels(this, () => ({ picked: this.picked, typed: this._values['model'] ?? '' }));
  readonly #catalogue = new PageData(this, {
    args: () => [] as const,
    load: async (_, signal) => this.#begin(await this.#read(signal)),
  });

  async #read(signal: AbortSignal): Promise<Catalogue | null> {
    const [providers, forms, credentials] = await Promise.all([readProviders(signal), readProviderForms(signal), listCredentials(signal)]);
    const form = formOf(this.picked.provider, forms);
    return form && { form, details: providers.get(form.provider), credentials };
  }

  #begin(catalogue: Catalogue | null): Catalogue | null {
    if (catalogue && this.model) {
      this.#following = false;
      this._values = valuesOf(this.model, this.#kindIn(catalogue));
    } else if (catalogue) this._values = this.#startOf(this.picked);
    return catalogue;
  }

  /** A server that was found has said most of it. */
  #startOf({ server }: Picked): Values {
    const first = server?.models.find(({ registered }) => !registered) ?? server?.models[0];
    return { ...(server ? { api_base: server.api_base } : {}), ...(first ? { model: first.id, model_name: first.ready.model_name } : {}) };
  }

  #kindIn({ form, details }: Catalogue): DraftKind {
    return this.model ? storedKind(form, details, this.model) : newKind(form, this.picked, this._values['model']?.trim() ?? '');
  }

  override render() {
    const heading = this.model ? t('models.edit_title', { name: this.model.model_name }) : t('models.add.title');
    return html`<gw-dialog
      open
      heading=${heading}
      subtitle=${this.#providerName}
      ?back=${this.model === null}
      @gw-back=${() => this.dispatchEvent(new CustomEvent('gw-back'))}
      @gw-close=${this.#ask}
    >
      ${pageState(this.#catalogue, (catalogue) => this.#content(catalogue), { tight: true })} ${this.#buttons()}
    </gw-dialog>`;
  }

  get #providerName(): string {
    return this.#catalogue.value?.form.provider_display_name ?? this.picked.server?.name ?? '';
  }

  #content(catalogue: Catalogue | null) {
    if (!catalogue) return html`<gw-alert kind="error">${t('models.form.no_form')}</gw-alert>`;
    const kind = this.#kindIn(catalogue);
    const known = this.#known.find(this._values['model']?.trim() ?? '');
    return html`${this.#alerts()}<gw-model-form
        autofocus
        .kind=${kind}
        .values=${this._values}
        .masks=${this.#masks(kind)}
        .credentials=${catalogue.credentials}
        .suggestions=${this.#known.models.map(suggestionOf)}
        hint=${known ? hintOf(known) : ''}
        @gw-values=${this.#onValues}
        @gw-submit=${this.#submit}
        @gw-signed-in=${this.#onSignedIn}
      ></gw-model-form>`;
  }

  get #old(): Old | null {
    const catalogue = this.#catalogue.value;
    return this.model && catalogue ? { model: this.model, masks: this.#masks(this.#kindIn(catalogue)) } : null;
  }

  #masks(kind: DraftKind): Values {
    return this.model ? masksOf(this.model, kind) : {};
  }

  #alerts() {
    const { result, refusal } = this.#trial;
    if (result)
      return html`<gw-trial-report
        .result=${result}
        provider=${this.#providerName}
        left=${t(this.model ? 'models.failed.nothing_changed' : 'models.failed.nothing_added')}
      ></gw-trial-report>`;
    return refusal ? html`<gw-alert kind="error" announce>${refusal}</gw-alert>` : nothing;
  }

  #buttons() {
    const { busy, result } = this.#trial;
    const editing = this.model !== null;
    return html`${
        result
          ? html`<gw-button slot="lead" ?loading=${busy === 'keeping'} ?disabled=${busy === 'testing'} @click=${this.#keep}
              >${t(editing ? 'models.edit.anyway' : 'models.add.anyway')}</gw-button
            >`
          : nothing
      }<gw-button slot="footer" @click=${this.#ask}>${t('actions.cancel')}</gw-button
      ><gw-button slot="footer" look="accent" ?loading=${busy === 'testing'} ?disabled=${busy === 'keeping'} @click=${this.#submit}
        >${t(editing ? 'models.edit.submit' : 'models.add.submit')}</gw-button
      >`;
  }

  #onValues(event: CustomEvent<{ name: string; value: string }>): void {
    const { name, value } = event.detail;
    this.#touched = true;
    if (name === 'model_name') this.#following = value === '';
    const named = name === 'model' && this.#following ? { model_name: publicNameOf(value.trim()) } : {};
    this._values = { ...this._values, ...named, [name]: value };
  }

  /** An account that was just stored is the one that is meant. */
  readonly #onSignedIn = ({ detail: name }: CustomEvent<string>) => {
    this.#touched = true;
    this._values = { ...this._values, [CREDENTIAL]: name };
    toast(t('models.github.done'));
  };

  /** What the form says; marks what it says wrong and gives null then. */
  #body(): ModelBody | null {
    const catalogue = this.#catalogue.value;
    if (!catalogue) return null;
    const kind = this.#kindIn(catalogue);
    try {
      const { model_info: info, ...body } = bodyOf(this._values, kind, this.#masks(kind));
      const found = this.picked.server?.models.find(({ id }) => id === this._values['model']?.trim());
      return { ...body, model_info: { ...found?.ready.model_info, ...info } };
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      this._form?.mark(error.field, error.message);
      return null;
    }
  }

  readonly #submit = async () => {
    const body = this.#body();
    if (!body || this.#trial.busy) return;
    this._form?.mark(null, '');
    await this.#finish(await this.#trial.run(body, this.#old));
  };

  readonly #keep = async () => {
    const body = this.#body();
    if (body && !this.#trial.busy) await this.#finish(await this.#trial.keep(body, this.#old));
  };

  async #finish(done: ModelDone | null): Promise<void> {
    if (done) {
      this.dispatchEvent(new CustomEvent<ModelDone>('gw-done', { detail: done }));
      return;
    }
    await this.updateComplete;
    const { result, blamed, refusal } = this.#trial;
    if (result) this._form?.mark(result.field, failureAdvice(result, this.#providerName));
    else if (blamed) this._form?.mark(blamed, refusal);
  }

  /** What was typed is not lost by a slip of the finger. */
  readonly #ask = async () => {
    const leave = !this.#touched || (await confirm({ title: t('models.form.leave'), text: t('models.form.leave_text'), yes: t('models.form.leave_yes') })); // prettier-ignore
    if (leave) this.dispatchEvent(new CustomEvent('gw-close'));
  };
}
