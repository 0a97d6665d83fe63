import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { createPerson, personName, ROLES, updatePerson, type Person, type PersonBody } from '../../api/people.ts';
import { confirm } from '../../components/confirm.ts';
import { markError, type ValueChanged } from '../../components/field.ts';
import { done } from '../../components/open-dialog.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { periodHint, periodOptions, usualPeriod } from '../keys/budget-period.ts';
import { numberIn } from '../keys/key-draft.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-secret-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';

const EMPTY = { user_alias: '', user_email: '', user_role: 'internal_user', password: '', max_budget: '', budget_duration: '1mo' };
type Draft = Readonly<typeof EMPTY>;

function draftOf(person: Person | null): Draft {
  if (!person) return EMPTY;
  const { user_alias: alias, user_email: email, user_role: role, max_budget: budget, budget_duration: period } = person;
  return {
    user_alias: alias ?? '',
    user_email: email ?? '',
    user_role: role,
    password: '',
    max_budget: budget === null ? '' : String(budget),
    budget_duration: usualPeriod(period),
  };
}

/** Creates a person, or edits one. Ends with the person. */
@customElement('gw-person-dialog')
export class GwPersonDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      gw-alert {
        margin-block-end: var(--ha-space-3);
      }
    `,
  ];

  @property({ attribute: false }) person: Person | null = null;
  @state() private _draft: Draft = EMPTY;
  @state() private _failed = '';
  @state() private _busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this._draft = draftOf(this.person);
  }

  override render() {
    const { person, _draft: draft } = this;
    const roles = ROLES.map((value) => ({ value, label: t(`people.roles.${value}`) }));
    return html`<gw-dialog
      open
      heading=${person ? t('people.edit.title') : t('people.create.title')}
      subtitle=${person ? personName(person) : ''}
      @gw-close=${this.#close}
    >
      ${this._failed ? html`<gw-alert kind="error" announce>${this._failed}</gw-alert>` : nothing}
      <form @submit=${this.#submit}>
        <div class="field-grid">
          <gw-text-field
            autofocus
            name="user_alias"
            label=${t('keys.form.name')}
            .value=${draft.user_alias}
            @value-changed=${this.#set('user_alias')}
          ></gw-text-field>
          <gw-text-field
            name="user_email"
            type="email"
            label=${t('people.email')}
            helper=${t('people.email_helper')}
            .value=${draft.user_email}
            @value-changed=${this.#set('user_email')}
          ></gw-text-field>
          <gw-select
            class="full"
            name="user_role"
            label=${t('people.role')}
            helper=${t(`people.role_helper.${ROLES.find((role) => role === draft.user_role) ?? 'internal_user'}`)}
            .value=${draft.user_role}
            .options=${roles}
            @value-changed=${this.#set('user_role')}
          ></gw-select>
          <gw-secret-field
            class="full"
            name="password"
            autocomplete="new-password"
            label=${t('login.password')}
            placeholder=${person?.has_password ? t('people.password_set') : ''}
            helper=${t(person?.has_password ? 'people.password_change' : 'people.password_helper')}
            .value=${draft.password}
            @value-changed=${this.#set('password')}
          ></gw-secret-field>
          <gw-number-field
            name="max_budget"
            label=${t('keys.form.budget')}
            unit="USD"
            placeholder=${t('budget.none')}
            helper=${t('people.budget_helper')}
            .value=${draft.max_budget}
            @value-changed=${this.#set('max_budget')}
          ></gw-number-field>
          <gw-select
            name="budget_duration"
            label=${t('keys.form.starts_again')}
            helper=${periodHint(draft.budget_duration)}
            .value=${draft.budget_duration}
            .options=${periodOptions(draft.budget_duration)}
            @value-changed=${this.#set('budget_duration')}
          ></gw-select>
        </div>
      </form>
      <gw-button slot="footer" @click=${this.#close}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._busy} @click=${this.#submit}
        >${person ? t('form.save') : t('people.create.title')}</gw-button
      >
    </gw-dialog>`;
  }

  #set(name: keyof Draft) {
    return (event: ValueChanged) => {
      this._draft = { ...this._draft, [name]: event.detail.value };
    };
  }

  readonly #close = async () => {
    const isLost = JSON.stringify(this._draft) !== JSON.stringify(draftOf(this.person));
    const agreed = !isLost || (await confirm({ title: t('form.discard.title'), text: t('form.discard.text'), yes: t('form.discard.yes') }));
    if (agreed) done(this);
  };

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    if (this._busy) return;
    this._failed = '';
    const fault = this.#fault();
    markError(this.renderRoot, fault?.[0] ?? null, fault?.[1] ?? '');
    if (fault) return;
    this._busy = true;
    try {
      done(this, await this.#save());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!markError(this.renderRoot, error.param, error.message)) this._failed = error.message;
    } finally {
      this._busy = false;
    }
  };

  #fault(): [string, string] | null {
    const { user_alias: alias, user_email: email, password, max_budget: budget } = this._draft;
    if (alias.trim() === '' && email.trim() === '') return ['user_alias', t('people.name_missing')];
    if (password !== '' && password.length < 8) return ['password', t('people.password_short')];
    const amount = numberIn(budget);
    if (Number.isNaN(amount)) return ['max_budget', t('form.no_number')];
    return amount !== null && amount < 0 ? ['max_budget', t('form.negative')] : null;
  }

  async #save(): Promise<Person> {
    const { person } = this;
    if (!person) return createPerson(bodyOf(this._draft));
    const before = bodyOf(draftOf(person));
    const changed = Object.entries(bodyOf(this._draft)).filter(([name, value]) => value !== before[name]);
    await updatePerson(person.user_id, Object.fromEntries(changed));
    return person;
  }
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function bodyOf({
  user_alias: alias,
  user_email: email,
  user_role: role,
  password,
  max_budget: budget,
  budget_duration: period,
}: Draft): PersonBody {
  const amount = numberIn(budget);
  return {
    user_alias: orNull(alias),
    user_email: orNull(email),
    user_role: role,
    max_budget: amount,
    budget_duration: amount === null ? null : orNull(period),
    ...(password === '' ? {} : { password }),
  };
}
