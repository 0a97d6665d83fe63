import { mdiCancel, mdiCheckCircleOutline, mdiKeyChange } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import type { Key } from '../../api/keys.ts';
import { MASTER, personName } from '../../api/people.ts';
import type { Fact } from '../../components/gw-facts.ts';
import { dateTime, day, relative } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { askDelete, regenerate, setBlocked, type KeyActions } from './key-actions.ts';
import { isExpired, isManaged, keyState, mayCall, shortKey } from './key-facts.ts';
import '../../components/gw-badge.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-facts.ts';
import '../../components/gw-state.ts';

/** The key's state, what stops and renews it, and what it is. */
@customElement('gw-key-controls-card')
export class GwKeyControlsCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      gw-state[slot='action'] {
        padding-inline-end: var(--ha-space-2);
      }
      gw-badge + gw-badge {
        margin-inline-start: 4px;
      }
    `,
  ];

  @property({ attribute: false }) key!: Key;
  @property({ attribute: false }) use: KeyUse | undefined;
  @property({ attribute: false }) actions!: KeyActions;

  override render() {
    const { key, actions } = this;
    const { kind, label } = keyState(key);
    const canChange = !actions.session.read_only;
    return html`<gw-card heading=${t('keys.controls')}>
      <gw-state slot="action" kind=${kind} label=${label}></gw-state>
      <div class="stack">
        ${canChange ? this.#buttons() : nothing}
        <gw-facts .facts=${this.#facts()}></gw-facts>
        ${isManaged(key) ? html`<p class="small secondary">${t('keys.managed_text')}</p>` : nothing}
      </div>
      ${
        canChange && !isManaged(key)
          ? html`<div slot="actions">
              <gw-button tone="danger" @click=${() => askDelete(key, actions)}>${t('keys.delete.yes')}</gw-button>
            </div>`
          : nothing
      }
    </gw-card>`;
  }

  #buttons() {
    const { key, actions } = this;
    const blocked = key.blocked === true;
    return html`<div class="row wrap">
        <gw-button
          look="filled"
          tone=${blocked ? 'brand' : 'danger'}
          .icon=${blocked ? mdiCheckCircleOutline : mdiCancel}
          @click=${() => setBlocked(key, !blocked, actions)}
          >${t(blocked ? 'keys.menu.unblock' : 'keys.menu.block')}</gw-button
        >
        <gw-button look="filled" tone="neutral" .icon=${mdiKeyChange} @click=${() => regenerate(key, actions)}
          >${t('keys.menu.regenerate')}</gw-button
        >
      </div>
      <hr />`;
  }

  #facts(): Fact[] {
    const { key, use } = this;
    const person = use?.person;
    const owner = person ? personName(person) : key.user_id;
    const used = use?.last_call?.at;
    return [
      { label: t('keys.key'), value: html`<span class="mono" dir="ltr">${shortKey(key)}</span>` },
      {
        label: t('keys.used_by'),
        value: key.user_id ? html`<a href=${href('keys', { user: key.user_id })}>${owner}</a>` : t('keys.form.nobody'),
      },
      {
        label: t('keys.column.used'),
        value: used ? html`<span title=${dateTime(used)}>${relative(used)}</span>` : use ? t('keys.never_used') : '',
      },
      { label: t('keys.created_on'), value: this.#created() },
      { label: t('keys.expires'), value: this.#expiry() },
      { label: t('keys.may_call'), value: mayCall(key) },
      ...(key.tags?.length
        ? [{ label: t('keys.form.tags'), value: key.tags.map((tag) => html`<gw-badge tone="tag">${tag}</gw-badge>`) }]
        : []),
      ...Object.entries(key.aliases).map(([name, model]) => ({ label: t('keys.alias', { name }), value: model })),
    ];
  }

  #created(): string {
    const { created_at: at, created_by: by } = this.key;
    return by && by !== MASTER ? t('keys.created_by', { day: day(at), person: by }) : day(at);
  }

  #expiry() {
    const { key } = this;
    if (key.expires === null) return t('keys.never');
    return html`<span class=${isExpired(key) ? 'bad' : ''} title=${dateTime(key.expires)}>${day(key.expires)}</span>`;
  }
}
