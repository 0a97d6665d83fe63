import { mdiChevronRight, mdiPlus } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FoundServer } from '../../api/local-servers.ts';
import type { ProviderDetails } from '../../api/providers.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { describe, obstacleOf } from './provider-texts.ts';
import { base, layout } from '../../theme/base.ts';
import { shortAddress } from './found-texts.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import '../../components/gw-search.ts';

/** What was picked: a provider, and the server of it that was found. */
export interface Picked {
  readonly provider: string;
  readonly server: FoundServer | null;
}

/** First step of adding a model: whose it is. Fires `gw-picked`, and `gw-other-address` for a server that was not found. */
@customElement('gw-provider-picker')
export class GwProviderPicker extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    layout,
    css`
      .search {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        padding: var(--ha-space-1) var(--ha-space-6) var(--ha-space-2);
        background: var(--card-background-color);
      }
      h3 {
        padding: var(--ha-space-3) var(--ha-space-6) var(--ha-space-1);
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
      .list-row {
        padding-inline: var(--ha-space-6);
      }
      .list-row[disabled] {
        cursor: default;
        color: var(--secondary-text-color);
      }
      .list-row > gw-icon {
        color: var(--secondary-text-color);
      }
      .list-row:focus-visible {
        outline-offset: -2px;
      }
      .plus {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        inline-size: 32px;
        block-size: 32px;
        border-radius: 50%;
        background: var(--ha-color-fill-primary-normal-resting);
        color: var(--gw-text-brand);
      }
      p {
        padding: var(--ha-space-4) var(--ha-space-6);
      }
    `,
  ];

  @property({ attribute: false }) providers: readonly ProviderDetails[] = [];
  /** Servers that were found, with what they have. */
  @property({ attribute: false }) found: readonly FoundServer[] = [];
  /** Deployments of the gateway by provider. */
  @property({ attribute: false }) used: ReadonlyMap<string, number> = new Map();
  @state() private _search = '';

  override render() {
    const fitting = this.providers.filter((provider) => fits(provider, this._search));
    const callable = fitting.filter(({ supported }) => supported);
    const servers = this.found.filter(({ kind, name, address }) => contains([kind, name, address], this._search));
    const rest = callable.filter(({ id }) => !this.used.has(id));
    return html`<div class="search">
        <gw-search
          label=${t('models.add.search', { count: count(this.providers.length) })}
          .value=${this._search}
          @value-changed=${(event: CustomEvent<{ value: string }>) => (this._search = event.detail.value.trim())}
        ></gw-search>
      </div>
      ${servers.length > 0 || this._search === '' ? html`<h3 id="found">${t('models.add.found')}</h3>` : nothing}
      ${servers.map((server) => this.#server(server))} ${this._search === '' ? this.#other() : nothing}
      ${this.#group(
        t('models.add.used'),
        callable.filter(({ id }) => this.used.has(id)),
      )}
      ${this.#group(
        t('models.add.cloud'),
        rest.filter(({ kind }) => kind !== 'local'),
      )}
      ${this.#group(
        t('models.add.own'),
        rest.filter(({ kind }) => kind === 'local'),
      )}
      ${this.#group(
        t('models.add.not_yet'),
        fitting.filter(({ supported }) => !supported),
      )}
      ${fitting.length === 0 && servers.length === 0 ? html`<p class="secondary" role="status">${t('table.no_match', { text: this._search })}</p>` : nothing}`;
  }

  /** By id: a row that is being clicked while the search narrows the list stays the row of its provider. */
  #group(title: string, providers: readonly ProviderDetails[]) {
    if (providers.length === 0) return nothing;
    return html`<h3>${title}</h3>
      ${repeat(
        providers,
        ({ id }) => id,
        (provider) => this.#provider(provider),
      )}`;
  }

  #provider(provider: ProviderDetails) {
    const { id, display_name: name, uses, supported } = provider;
    const used = this.used.get(id);
    const note = supported ? (used ? t('models.add.used_note', { count: used }) : describe(uses)) : obstacleOf(provider);
    return html`<button
      type="button"
      class="list-row two"
      ?disabled=${!supported}
      @click=${() => this.#pick({ provider: id, server: null })}
    >
      <gw-provider provider=${id} name=${name}></gw-provider>
      <span class="grow"><span class="row-title">${name}</span><br /><span class="row-note">${note}</span></span>
      ${supported ? html`<gw-icon mirrored .path=${mdiChevronRight}></gw-icon>` : nothing}
    </button>`;
  }

  #server(server: FoundServer) {
    const where = { address: shortAddress(server.address), count: server.models.length };
    return html`<button type="button" class="list-row two" @click=${() => this.#pick({ provider: server.kind, server })}>
      <gw-provider provider=${server.kind} name=${server.name}></gw-provider>
      <span class="grow"
        ><span class="row-title">${server.name}</span><br /><span class="row-note"
          >${server.needs_key ? t('models.add.found_locked', where) : t('models.add.found_note', where)}</span
        ></span
      >
      <gw-icon mirrored .path=${mdiChevronRight}></gw-icon>
    </button>`;
  }

  #other() {
    return html`<button type="button" class="list-row two" @click=${() => this.dispatchEvent(new CustomEvent('gw-other-address'))}>
      <span class="plus"><gw-icon size="s" .path=${mdiPlus}></gw-icon></span>
      <span class="grow"
        ><span class="row-title">${t('models.found.another')}</span><br /><span class="row-note"
          >${t('models.found.another_note')}</span
        ></span
      >
      <gw-icon mirrored .path=${mdiChevronRight}></gw-icon>
    </button>`;
  }

  #pick(picked: Picked): void {
    this.dispatchEvent(new CustomEvent<Picked>('gw-picked', { detail: picked }));
  }
}

function contains(texts: readonly string[], search: string): boolean {
  const text = texts.join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const fits = ({ id, display_name: name, uses, aliases }: ProviderDetails, search: string) =>
  contains([id, name, describe(uses), ...aliases], search);
