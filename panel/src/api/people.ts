import type { Suggestion } from '../components/gw-combobox.ts';
import { t } from '../i18n/texts.ts';
import { api } from './client.ts';

export const ROLES = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;
export type PersonRole = (typeof ROLES)[number];

/** Somebody with a log-in or keys, as `user/list` shows them. Money is US dollars. */
export interface Person {
  readonly user_id: string;
  readonly user_email: string | null;
  readonly user_alias: string | null;
  readonly user_role: PersonRole;
  readonly has_password: boolean;
  readonly spend: number;
  readonly max_budget: number | null;
  readonly budget_duration: string | null;
  readonly budget_reset_at: string | null;
  readonly created_at: string | null;
  readonly key_count?: number;
}

export interface PersonList {
  readonly users: readonly Person[];
  readonly total: number;
}

export interface PersonQuestion {
  readonly search: string;
  readonly role: string;
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly page: number;
  readonly size: number;
}

export const listPeople = ({ search, role, sort, order, page, size }: PersonQuestion, signal: AbortSignal) =>
  api.get<PersonList>('user/list', { search, role, sort_by: sort, sort_order: order, page, page_size: size }, signal);

/** Whoever holds the master key, or is the panel's own administrator. */
export const MASTER = 'default_user_id';

/** What a person is called: the name, else the e-mail, else the id. */
export function personName({ user_alias: alias, user_email: email, user_id: id }: Pick<Person, 'user_alias' | 'user_email' | 'user_id'>) {
  return alias || email || (id === MASTER ? t('people.roles.proxy_admin') : id);
}

export type PersonBody = Readonly<Record<string, unknown>>;

export const createPerson = (body: PersonBody) => api.post<Person>('user/new', { ...body, auto_create_key: false });
export const updatePerson = (id: string, body: PersonBody) => api.post<unknown>('user/update', { ...body, user_id: id });
export const deletePerson = (id: string) => api.post<unknown>('user/delete', { user_ids: [id] });

/** People whose name, e-mail or id holds the text, for a field that suggests. */
export async function findPeople(text: string, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const { users } = await listPeople({ search: text, role: '', sort: 'user_alias', order: 'asc', page: 1, size: 20 }, signal);
  return users.map((person) => {
    const label = personName(person);
    return { value: person.user_id, label, ...(person.user_email && person.user_email !== label ? { note: person.user_email } : {}) };
  });
}

/** One person; null when there is no row. */
export async function readPerson(id: string, signal: AbortSignal): Promise<Person | null> {
  const { users } = await api.get<PersonList>('user/list', { user_ids: id, page_size: 1 }, signal);
  return users[0] ?? null;
}
