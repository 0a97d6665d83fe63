import { api } from './client.ts';

/** Named values that several models can share; secrets are masked. */
export interface NamedCredential {
  readonly credential_name: string;
  readonly credential_values: Readonly<Record<string, unknown>>;
  readonly credential_info: Readonly<Record<string, unknown>>;
}

export async function listCredentials(signal?: AbortSignal): Promise<readonly NamedCredential[]> {
  return (await api.get<{ credentials: readonly NamedCredential[] }>('credentials', {}, signal)).credentials;
}
