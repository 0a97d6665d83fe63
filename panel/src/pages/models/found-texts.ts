import type { FoundModel, FoundServer } from '../../api/local-servers.ts';

/** `http://192.168.1.20:11434` → `192.168.1.20:11434`. */
export function shortAddress(address: string): string {
  return address.replace(/^http:\/\//, '').replace(/\/+$/, '');
}

/** Models of a server that are not models of the gateway yet. */
export function newModels({ models }: FoundServer): readonly FoundModel[] {
  return models.filter(({ registered }) => !registered);
}
