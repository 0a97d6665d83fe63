import type { JsonObject } from '../../core/json-object.ts';

/** What is told of each call. The name of the spend rows is the reference's, which clients look for. */
export const ACTIVE_CALLBACKS: readonly string[] = ['_ProxyDBLogger'];

type CallbackType = 'success' | 'failure' | 'success_and_failure';

const TYPE_OF = { callbacks: 'success_and_failure', success_callback: 'success', failure_callback: 'failure' } as const satisfies Record<
  string,
  CallbackType
>;

/** Callbacks that the configuration names, each once. They are kept and shown; nothing is sent to them in this release. */
export function configuredCallbacks(settings: JsonObject): { name: string; variables: Record<string, string>; type: CallbackType }[] {
  const found = new Map<string, CallbackType>();
  for (const [key, type] of Object.entries(TYPE_OF)) {
    for (const name of namesIn(settings[key])) found.set(name, found.has(name) && found.get(name) !== type ? 'success_and_failure' : type);
  }
  return [...found].map(([name, type]) => ({ name, variables: {}, type }));
}

function namesIn(value: unknown): string[] {
  return [value].flat().filter((name): name is string => typeof name === 'string');
}
