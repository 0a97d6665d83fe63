import { consume } from '@lit/context';
import { mdiAccountLock, mdiBrain, mdiChat, mdiCodeTags, mdiCompare, mdiDeleteOutline, mdiTuneVariant } from '@mdi/js';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { readModel, searchModels, type KeyChoice, type ModelChoice } from '../../api/playground.ts';
import '../../components/gw-button.ts';
import '../../components/gw-chip.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-picker.ts';
import { toast } from '../../components/gw-toasts.ts';
import { pageState } from '../../components/page-states.ts';
import type { Session } from '../../api/session.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { GwPage } from '../../page.ts';
import { Narrow } from '../../narrow.ts';
import { href } from '../../router/router.ts';
import { text } from '../../router/query.ts';
import { isAdmin, sessionContext } from '../../session/session-context.ts';
import type { Answer } from './answer.ts';
import './compare-numbers.ts';
import { pageStyles } from './page-styles.ts';
import { keyPick, loadKeyPicks, loadModelPicks, modelPick, nameOfKey } from './picks.ts';
import './play-announcer.ts';
import './play-composer.ts';
import type { Asked, GwPlayComposer } from './play-composer.ts';
import './play-conversation.ts';
import './play-numbers.ts';
import './play-settings.ts';
import { playground } from './playground.ts';
import { readSettings, type PlaySettings } from './settings.ts';
import type { Column } from './turns.ts';
import { watch } from './watch.ts';

/** `?model=` opens the playground with that model; it leaves the address then. */
const FIELDS = { model: text() };

/** Try models, see what they cost, compare two. */
@customElement('gw-playground-page')
export class GwPlaygroundPage extends GwPage {
  static override styles = [GwPage.styles, pageStyles].flat();

  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  @state() private _dialog: 'settings' | 'code' | null = null;
  @state() private _dragging = false;
  @query('gw-play-composer') private readonly _composer!: GwPlayComposer;

  readonly #narrow = new Narrow(this);
  readonly #models = new PageData(this, {
    args: () => [this.query(FIELDS).model] as const,
    load: ([wanted], signal) => this.#readModels(wanted, signal),
  });

  constructor() {
    super();
    watch(this, () => [playground]);
  }

  override willUpdate(): void {
    if (this._session) playground.openFor(this._session.user_id);
  }

  override firstUpdated(): void {
    this.setHeader({
      actions: html`<gw-icon-button
        .path=${mdiCodeTags}
        label=${t('playground.code.copy')}
        @click=${() => void this.#open('code')}
      ></gw-icon-button>`,
    });
  }

  override render() {
    if (this._session?.user_role.endsWith('_viewer'))
      return html`<gw-empty .icon=${mdiAccountLock} heading=${t('playground.no_right')}>${t('playground.no_right_text')}</gw-empty>`;
    return pageState(this.#models, (models) => (models.length === 0 && !playground.columns[0]?.model ? this.#noModels() : this.#page()));
  }

  /** Takes what the address asks for, looks again at the models in use, and finds one to begin with. */
  async #readModels(wanted: string, signal: AbortSignal): Promise<readonly ModelChoice[]> {
    const models = await searchModels('', signal);
    for (const [index, { model }] of playground.columns.entries()) {
      const name = index === 0 && wanted !== '' ? wanted : model?.name;
      const found = name === undefined ? models[index] : (models.find((one) => one.name === name) ?? (await readModel(name, signal)));
      if (found) playground.chooseModel(index, found);
    }
    if (wanted !== '') this.setQuery(FIELDS, { model: '' });
    return models;
  }

  #noModels() {
    return html`<gw-empty .icon=${mdiBrain} heading=${t('playground.no_models')}>
      ${t('playground.no_models_text')}
      ${isAdmin(this._session) ? html`<gw-button slot="action" look="accent" href=${href('models')}>${t('playground.to_models')}</gw-button>` : nothing}
    </gw-empty>`;
  }

  #page() {
    const { columns, comparing } = playground;
    return html`${this.#toolbar()}
      <div class="main ${comparing ? '' : 'with-side'}">
        <section
          class="chat drop ${this._dragging ? 'over' : ''}"
          aria-label=${t('tabs.playground')}
          @dragover=${this.#onDrag}
          @dragleave=${() => (this._dragging = false)}
          @drop=${this.#onDrop}
        >
          ${comparing ? this.#compare(columns) : this.#conversation(columns[0], 0)} ${this.#field()}
        </section>
        ${comparing ? nothing : this.#side(columns[0])}
      </div>
      <gw-play-announcer .answers=${columns.map(lastAnswer).filter((answer) => answer !== null)}></gw-play-announcer>
      ${this.#dialogs()}`;
  }

  #toolbar() {
    const { comparing, columns } = playground;
    return html`<div class="toolbar" role="group" aria-label=${t('playground.choices')}>
      ${comparing ? nothing : this.#modelPicker(columns[0], 0)} ${comparing ? this.#compareChip() : nothing}
      <gw-picker
        class="wide-only"
        label=${t('playground.key')}
        .picked=${keyPick(playground.key)}
        .load=${loadKeyPicks}
        @gw-pick=${(event: CustomEvent<KeyChoice | null>) => playground.chooseKey(event.detail)}
      ></gw-picker>
      ${comparing ? nothing : this.#compareChip()}
      <gw-chip
        class=${comparing ? '' : 'tight-only'}
        ?icon-only=${this.#narrow.matches}
        .icon=${mdiTuneVariant}
        label=${t('playground.settings')}
        @click=${() => void this.#open('settings')}
        >${t('playground.settings')}</gw-chip
      >
      <span class="grow wide-only"></span>
      ${
        columns.some(({ turns }) => turns.length > 0)
          ? html`<gw-chip class="wide-only" .icon=${mdiDeleteOutline} @click=${this.#clear}>${t('playground.clear')}</gw-chip>`
          : nothing
      }
    </div>`;
  }

  #compareChip() {
    return html`<gw-chip toggle ?active=${playground.comparing} .icon=${mdiCompare} @value-changed=${this.#toggleCompare}
      >${t('playground.compare')}</gw-chip
    >`;
  }

  #modelPicker(column: Column | undefined, index: number) {
    return html`<gw-picker
      label=${t('playground.model')}
      placeholder=${t('playground.choose_model')}
      .picked=${column?.model ? modelPick(column.model) : null}
      .load=${loadModelPicks}
      @gw-pick=${(event: CustomEvent<ModelChoice>) => playground.chooseModel(index, event.detail)}
    ></gw-picker>`;
  }

  #compare(columns: readonly Column[]) {
    const answers = columns.map(lastAnswer);
    return html`<div class="compare">
      ${columns.map(
        (column, index) =>
          html`<section class="column" aria-label=${column.model?.name ?? t('playground.choose_model')}>
            <div class="column-head">${this.#modelPicker(column, index)}</div>
            ${this.#conversation(column, index)}
            <gw-compare-numbers .answer=${answers[index] ?? null} .other=${answers[1 - index] ?? null}></gw-compare-numbers>
          </section>`,
      )}
    </div>`;
  }

  #conversation(column: Column | undefined, index: number) {
    return html`<gw-play-conversation .column=${column ?? null} .index=${index} key=${playground.key?.hash ?? ''}>
      <gw-empty tight .icon=${mdiChat} heading=${t('playground.empty')}>
        ${t('playground.empty_text')}
        <gw-button slot="action" look="filled" @click=${() => this.#example()}>${t('playground.example')}</gw-button>
      </gw-empty>
    </gw-play-conversation>`;
  }

  #field() {
    return html`<gw-play-composer
      .text=${playground.draft}
      ?running=${playground.running}
      closed=${this.#closed()}
      .blind=${this.#blind()}
      note=${playground.key ? t('playground.spend_key', { key: nameOfKey(playground.key) }) : t('playground.spend_session')}
      @gw-ask=${(event: CustomEvent<Asked>) => playground.ask(event.detail.text, event.detail.pictures)}
      @gw-stop=${() => playground.stop()}
      @gw-draft=${(event: CustomEvent<string>) => playground.setDraft(event.detail)}
    ></gw-play-composer>`;
  }

  #side(column: Column | undefined) {
    return html`<aside class="side" aria-label=${t('playground.side')}>
      <gw-play-numbers .turns=${column?.turns ?? []}></gw-play-numbers>
      <section class="settings" aria-labelledby="settings">
        <h2 id="settings">${t('playground.settings')}</h2>
        <gw-play-settings
          .settings=${playground.settings}
          .tools=${column?.model?.tools ?? null}
          .reasoning=${column?.model?.reasoning ?? null}
          @gw-set=${(event: CustomEvent<Partial<PlaySettings>>) => playground.set(event.detail)}
        ></gw-play-settings>
      </section>
    </aside>`;
  }

  #dialogs() {
    const close = () => (this._dialog = null);
    if (this._dialog === 'code') return html`<gw-code-dialog .body=${playground.bodyOf(0)} @gw-close=${close}></gw-code-dialog>`;
    if (this._dialog === 'settings')
      return html`<gw-play-settings-dialog @gw-close=${close} @gw-clear=${this.#clear}></gw-play-settings-dialog>`;
    return nothing;
  }

  /** Why nothing can be sent now. */
  #closed(): string {
    if (playground.columns.some(({ model }) => model === null)) return t('playground.choose_first');
    return Object.keys(readSettings(playground.settings).errors).length > 0 ? t('playground.settings_wrong') : '';
  }

  /** Why pictures make no sense: a model that is known to see none. */
  #blind(): string {
    const blind = playground.columns.find(({ model }) => model?.vision === false)?.model;
    return blind ? t('playground.picture.blind', { model: blind.name }) : '';
  }

  async #open(dialog: 'settings' | 'code'): Promise<void> {
    await (dialog === 'code' ? import('./code-dialog.ts') : import('./settings-dialog.ts'));
    this._dialog = dialog;
  }

  #toggleCompare(): void {
    playground.compare(!playground.comparing);
    const [first, second] = playground.columns;
    if (!second || second.model) return;
    const another = this.#models.value?.find(({ name }) => name !== first?.model?.name);
    playground.chooseModel(1, another ?? first?.model ?? null);
  }

  readonly #clear = () => {
    const undo = playground.clear();
    toast(t('playground.cleared'), { action: { label: t('playground.undo'), run: undo } });
  };

  #example(): void {
    playground.setDraft(t('playground.example_text'));
    this.requestUpdate();
    this._composer.focus();
  }

  #onDrag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this._dragging = true;
  }

  #onDrop(event: DragEvent): void {
    event.preventDefault();
    this._dragging = false;
    void this._composer.add([...(event.dataTransfer?.files ?? [])]);
  }
}

function lastAnswer({ turns }: Column): Answer | null {
  return turns.findLast((turn) => turn.kind === 'answer') ?? null;
}
