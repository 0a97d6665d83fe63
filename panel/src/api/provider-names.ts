import { api } from './client.ts';

interface Named {
  readonly id: string;
  readonly display_name: string;
  readonly aliases: readonly string[];
}

const names = new Map<string, string>();
const loading: { done: Promise<void> | null } = { done: null };

async function load(): Promise<void> {
  const providers = await api.get<readonly Named[]>('public/providers', { details: true });
  for (const { id, display_name: name, aliases } of providers) for (const one of [id, ...aliases]) names.set(one, short(name));
}

/** `Google Gemini` for `Google Gemini API (AI Studio)`: in lists and charts the rest is known. */
function short(name: string): string {
  return name.replace(/\s*(?:API)?\s*\([^)]*\)$/, '') || name;
}

/** Fetches how providers are called, once; without them their ids are shown. */
export function loadProviderNames(): Promise<void> {
  loading.done ??= load().catch(() => {
    loading.done = null;
  });
  return loading.done;
}

/** Names of all providers by their ids; empty when they could not be fetched. */
export async function providerNames(): Promise<ReadonlyMap<string, string>> {
  await loadProviderNames();
  return names;
}

/** `Google Gemini` for `gemini`; the id itself when nothing better is known. */
export function providerName(id: string): string {
  return names.get(id) ?? id;
}
