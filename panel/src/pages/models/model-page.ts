import { consume } from '@lit/context';
import { mdiBrain, mdiDelete, mdiPencil } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { findModel, type Model } from '../../api/models.ts';
import { readProviders, readStates, type DeploymentState } from '../../api/providers.ts';
import type { Session } from '../../api/session.ts';
import { pageState } from '../../components/page-states.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { PageData } from '../../page-data.ts';
import { GwPage } from '../../page.ts';
import { href, router } from '../../router/router.ts';
import { idOfSegment } from '../../router/segment.ts';
import { isAdmin, seesAll, sessionContext } from '../../session/session-context.ts';
import { base, buttons, layout } from '../../theme/base.ts';
import { abilitiesOf } from './abilities.ts';
import { askAndDelete, setBlocked, testNow } from './model-actions.ts';
import { originOf } from './model-names.ts';
import type { GwModelDialogs } from './model-dialogs.ts';
import { aboutFacts, limitFacts, priceFacts, stateFacts } from './model-facts.ts';
import '../../components/gw-badge.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-code.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-facts.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import { reasonOf } from './model-state.ts';
import './model-dialogs.ts';

/** One model at one provider: what it is, costs and can do, and how it is set up. */
@customElement('gw-model-page')
export class GwModelPage extends GwPage {
  static override styles = [
    base,
    layout,
    buttons,
    css`
      .marks {
        flex-wrap: wrap;
        gap: var(--ha-space-2) var(--ha-space-4);
      }
      .words {
        overflow-wrap: anywhere;
      }
      .ability {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
      }
    `,
  ];

  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  @query('gw-model-dialogs') private readonly _dialogs!: GwModelDialogs;

  readonly #model = new PageData(this, {
    args: () => [idOfSegment(this.params['id'] ?? '')] as const,
    load: ([id], signal) => findModel(id, signal),
  });
  readonly #providers = new PageData(this, { args: () => [] as const, load: (_, signal) => readProviders(signal) });
  readonly #states = new PageData(this, {
    args: () => [seesAll(this._session)] as const,
    load: ([sees], signal) => (sees ? readStates(signal) : Promise.resolve(new Map<string, DeploymentState>())),
  });
  protected readonly live = new Live(this, {
    topics: ['state', 'providers'],
    onEvent: () => this.#reload(),
    onPoll: () => this.#reload(),
  });

  override updated(): void {
    const title = this.#model.value?.model_name;
    if (title !== undefined && title !== this.#titled) this.setHeader({ title });
    this.#titled = title;
  }

  #titled: string | undefined;

  override render() {
    return html`${pageState(this.#model, (model) => (model ? this.#shown(model) : this.#gone()))}
      <gw-model-dialogs @gw-changed=${() => this.#reload()}></gw-model-dialogs>`;
  }

  #reload(): void {
    this.#model.reload();
    this.#states.reload();
  }

  #gone() {
    return html`<gw-empty .icon=${mdiBrain} heading=${t('models.gone')}>
      ${t('models.gone_text')}
      <gw-button slot="action" look="filled" href=${href('models')}>${t('models.to_list')}</gw-button>
    </gw-empty>`;
  }

  #shown(model: Model) {
    return html`<div class="content wide">
      <div class="page-grid even">
        <div class="stack">${this.#about(model)} ${this.#state(model)} ${this.#abilities(model)}</div>
        <div class="stack">
          <gw-card heading=${t('models.detail.prices')}>
            <gw-facts .facts=${priceFacts(model.model_info)}></gw-facts>
          </gw-card>
          <gw-card heading=${t('models.detail.limits')}><gw-facts .facts=${limitFacts(model)}></gw-facts></gw-card>
          <gw-card heading=${t('models.detail.settings')}>
            <gw-code text=${JSON.stringify(model.litellm_params, null, 2)}></gw-code>
          </gw-card>
        </div>
      </div>
    </div>`;
  }

  readonly #nameOf = (id: string) => this.#providers.value?.get(id)?.display_name ?? id;

  #about(model: Model) {
    const { model_info: info, place } = model;
    return html`<gw-card heading=${t('models.detail.about')}>
      <div class="stack">
        <div class="row">
          <gw-provider size="l" provider=${info.litellm_provider} name=${this.#nameOf(info.litellm_provider)}></gw-provider>
          <div class="grow">
            <div class="row-title medium">${model.model_name}</div>
            <div class="row-note">${originOf(model, this.#nameOf)}</div>
          </div>
        </div>
        ${
          place.of > 1 || !info.db_model
            ? html`<div class="row marks">
                ${place.of > 1 ? html`<gw-badge tone="tag">${t('models.place', place)}</gw-badge>` : nothing}
                ${info.db_model ? nothing : html`<gw-badge tone="tag">${t('models.file')}</gw-badge><span class="secondary">${t('models.in_file')}</span>`}
              </div>`
            : nothing
        }
        <gw-facts .facts=${aboutFacts(model)}></gw-facts>
      </div>
      ${isAdmin(this._session) ? this.#buttons(model) : nothing}
    </gw-card>`;
  }

  #buttons(model: Model) {
    const { db_model: own, blocked = false } = model.model_info;
    return html`<div slot="actions">
      ${own ? html`<gw-button tone="danger" icon=${mdiDelete} @click=${() => askAndDelete(model, () => router.navigate(href('models')))}>${t('models.actions.delete')}</gw-button>` : nothing}
      ${
        own
          ? html`<gw-button @click=${() => setBlocked(model, !blocked, () => this.#reload())}
              >${t(blocked ? 'models.actions.unblock' : 'models.actions.block')}</gw-button
            >`
          : nothing
      }
      <gw-button @click=${() => testNow(model)}>${t('models.actions.test')}</gw-button>
      ${own ? html`<gw-button look="filled" icon=${mdiPencil} @click=${() => this._dialogs.edit(model)}>${t('models.actions.edit')}</gw-button>` : nothing}
    </div>`;
  }

  #state({ model_info: info }: Model) {
    const state = this.#states.value?.get(info.id);
    if (!state) return nothing;
    return html`<gw-card heading=${t('models.columns.state')}>
      <div class="stack">
        <gw-model-state .state=${state}></gw-model-state>
        <p class="secondary words">${reasonOf(state)}</p>
        <gw-facts .facts=${stateFacts(state)}></gw-facts>
      </div>
    </gw-card>`;
  }

  #abilities({ model_info: info }: Model) {
    const abilities = abilitiesOf(info);
    return html`<gw-card heading=${t('models.columns.abilities')}>
      ${
        abilities.length === 0
          ? html`<p class="secondary">${t('models.detail.no_abilities')}</p>`
          : html`<div class="row marks">
              ${abilities.map(({ icon, label }) => html`<span class="ability"><gw-icon size="s" class="secondary" .path=${icon}></gw-icon>${t(label)}</span>`)}
            </div>`
      }
    </gw-card>`;
  }
}
