import type { Suggestion } from '../components/gw-combobox.ts';
import { api } from './client.ts';

/** Public names of models that hold the text, for a field that suggests. */
export async function findModels(text: string, signal: AbortSignal): Promise<readonly Suggestion[]> {
  const query = { search: text, sortBy: 'model_name', sortOrder: 'asc', size: 50 };
  const { data } = await api.get<{ data: readonly { model_name: string }[] }>('v2/model/info', query, signal);
  return [...new Set(data.map(({ model_name: name }) => name))].map((value) => ({ value }));
}
