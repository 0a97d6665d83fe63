import { hash } from 'node:crypto';

const LAWFUL = /^[a-z0-9_-]{1,40}$/;

/** Names that are lawful ids stand for themselves; others become an id that is always the same. */
function idOf(prefix: string, name: string): string {
  const whole = `${prefix}${name}`;
  return LAWFUL.test(whole) ? whole : `${prefix}${hash('sha256', name, 'hex').slice(0, 16)}`;
}

export function providerIdOf(provider: string): string {
  return idOf('p_', provider);
}

export function modelIdOf(name: string): string {
  return LAWFUL.test(name) ? name : idOf('m_', name);
}

export function personIdOf(userId: string): string {
  return idOf('u_', userId);
}

/** @param of id of the key, person or provider that is limited; null: everybody */
export function budgetIdOf(of: string | null): string {
  return of === null ? 'b_global' : idOf('b_', of);
}
