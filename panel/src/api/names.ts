import { api } from './client.ts';

/** Public names of models that the reader may call. */
export async function modelNames(signal?: AbortSignal): Promise<readonly string[]> {
  const { data } = await api.get<{ data: { id: string }[] }>('models', {}, signal);
  return data.map(({ id }) => id);
}

export interface KeyName {
  /** Its hash. */
  readonly token: string;
  readonly name: string;
}

interface ListedKey {
  readonly token: string;
  readonly key_alias: string | null;
  readonly key_name: string | null;
}

/** Keys that the reader sees, those used most first; a hundred at most. */
export async function keyNames(signal?: AbortSignal): Promise<readonly KeyName[]> {
  const query = { return_full_object: true, size: 100, sort_by: 'spend', sort_order: 'desc' };
  const { keys } = await api.get<{ keys: ListedKey[] }>('key/list', query, signal);
  return keys.map(({ token, key_alias: alias, key_name: name }) => ({ token, name: alias ?? name ?? token.slice(0, 8) }));
}
