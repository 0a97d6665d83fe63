import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { changeOwnPerson, readOwnPerson, type OwnChange, type OwnPerson } from '../../api/own-person.ts';
import type { Session } from '../../api/session.ts';
import { confirm } from '../../components/confirm.ts';
import { markError, type ValueChanged } from '../../components/field.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-facts.ts';
import '../../components/gw-secret-field.ts';
import '../../components/gw-text-field.ts';
import { toast } from '../../components/gw-toasts.ts';
import { pageState } from '../../components/page-states.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { base, layout } from '../../theme/base.ts';

/** One's own name, e-mail and password. */
@customElement('gw-person-card')
export class GwPersonCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      form + form {
        margin-block-start: var(--ha-space-4);
        padding-block-start: var(--ha-space-4);
        border-block-start: 1px solid var(--divider-color);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @state() private _name: string | null = null;
  @state() private _email: string | null = null;
  @state() private _password = '';
  @state() private _failed = '';
  readonly #person = new PageData(this, { args: () => [] as const, load: (_, signal) => readOwnPerson(signal) });

  override render() {
    return html`<gw-card heading=${t('settings.you')}>
      ${pageState(this.#person, (person) => (this.session.read_only ? facts(person) : this.#forms(person)), { tight: true })}
    </gw-card>`;
  }

  #forms(person: OwnPerson) {
    return html`${this._failed ? html`<gw-alert kind="error" announce>${this._failed}</gw-alert>` : nothing}
      <form @submit=${(event: Event) => this.#saveNames(event, person)}>
        <gw-text-field
          name="user_alias"
          label=${t('settings.name')}
          autocomplete="name"
          .value=${this._name ?? person.user_alias ?? ''}
          @value-changed=${({ detail }: ValueChanged) => (this._name = detail.value)}
        ></gw-text-field>
        <gw-text-field
          name="user_email"
          type="email"
          label=${t('settings.email')}
          helper=${t('settings.email_hint')}
          autocomplete="email"
          .value=${this._email ?? person.user_email ?? ''}
          @value-changed=${({ detail }: ValueChanged) => (this._email = detail.value)}
        ></gw-text-field>
        <div class="end"><gw-button type="submit" look="filled">${t('settings.save')}</gw-button></div>
      </form>
      ${this.session.login_method === 'username_password' ? this.#passwordForm() : nothing}`;
  }

  #passwordForm() {
    return html`<form @submit=${this.#savePassword}>
      <gw-secret-field
        name="password"
        label=${t('settings.new_password')}
        helper=${t('settings.password_hint')}
        autocomplete="new-password"
        .value=${this._password}
        @value-changed=${({ detail }: ValueChanged) => (this._password = detail.value)}
      ></gw-secret-field>
      <div class="end"><gw-button type="submit" look="filled">${t('settings.change_password')}</gw-button></div>
    </form>`;
  }

  async #saveNames(event: Event, person: OwnPerson): Promise<void> {
    event.preventDefault();
    const before = { user_alias: person.user_alias, user_email: person.user_email };
    const wanted = {
      user_alias: (this._name ?? person.user_alias ?? '').trim() || null,
      user_email: (this._email ?? person.user_email ?? '').trim() || null,
    };
    if (wanted.user_alias === before.user_alias && wanted.user_email === before.user_email) return;
    if (!(await this.#change(wanted))) return;
    toast(t('settings.you_saved'), { action: { label: t('settings.undo'), run: () => void this.#change(before) } });
  }

  async #savePassword(event: Event): Promise<void> {
    event.preventDefault();
    const question = { title: t('settings.password_question'), text: t('settings.password_text'), yes: t('settings.change_password') };
    if (!(await confirm(question))) return;
    // The session has ended with the old password: the page starts again at the log-in.
    if (await this.#change({ password: this._password })) location.reload();
  }

  /** @returns whether it was taken; else the field that is wrong says why */
  async #change(change: OwnChange): Promise<boolean> {
    this._failed = '';
    markError(this.renderRoot, null, '');
    try {
      await changeOwnPerson(this.session.user_id, change);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!markError(this.renderRoot, error.param, error.message)) this._failed = error.message;
      return false;
    }
    this._name = null;
    this._email = null;
    if (change.password === undefined) this.#person.reload();
    return true;
  }
}

function facts({ user_alias: name, user_email: email, user_id: id }: OwnPerson) {
  return html`<gw-facts
    .facts=${[
      { label: t('settings.name'), value: name ?? id },
      { label: t('settings.email'), value: email ?? t('settings.not_set') },
    ]}
  ></gw-facts>`;
}
