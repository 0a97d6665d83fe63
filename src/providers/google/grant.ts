import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { EgressPurpose } from '../egress.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { readCredential, secretsOfCredential } from './credential.ts';

/** Where a credential of Google Cloud is found. */
export type CredentialSource =
  /** `place`: where it stands, for people. */
  | { readonly kind: 'text'; readonly text: string; readonly place: string }
  | { readonly kind: 'file'; readonly path: string; readonly place: string }
  /** What the machine itself has: the user that gcloud signed in, else the metadata server of Google Cloud. */
  | { readonly kind: 'machine'; readonly gcloud: string | null };

/** How tokens for Google Cloud are got. Plain data; secret. */
export interface GoogleGrant {
  readonly issuer: 'google';
  readonly source: CredentialSource;
  readonly scope: string;
  /**
   * Where the addresses that stand in the credential may lead: whoever writes files of this machine may name any server,
   * who has the panel alone only public ones.
   */
  readonly reach: EgressPurpose;
}

export interface SourceQuestion {
  readonly params: JsonObject;
  readonly env: Environment;
  /** The row was written by the owner of the machine. */
  readonly trusted: boolean;
}

/** The source that is named, and how far its addresses reach. */
export type NamedSource = Pick<GoogleGrant, 'reach'> & { readonly source: Exclude<CredentialSource, { kind: 'machine' }> };

/** Variables that name a credential: by its text, or by the path of its file. */
export const CREDENTIAL_VARIABLES = ['VERTEXAI_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS'];

/** What `vertex_credentials` says: JSON text, an object, or a path. Null: nothing. */
export function sourceInParams({ params, trusted }: SourceQuestion): NamedSource | null {
  const value = params['vertex_credentials'] ?? params['vertex_ai_credentials'];
  const text = isObject(value) ? JSON.stringify(value) : textOf(value);
  return text === null ? null : named(text, 'vertex_credentials', trusted ? 'provider' : 'request');
}

/** What the variables say. Null: nothing. The panel can set them too, so what stands in them reaches no further than its word. */
export function sourceInEnvironment({ env }: SourceQuestion): NamedSource | null {
  const name = CREDENTIAL_VARIABLES.find((variable) => firstSet(env, [variable]) !== null);
  const text = name === undefined ? null : firstSet(env, [name]);
  return name === undefined || text === null ? null : named(text, name, 'request');
}

/** What the machine has without being told. */
export function machineSource(env: Environment): CredentialSource {
  const folder = firstSet(env, ['CLOUDSDK_CONFIG']) ?? homeFolder(env);
  return { kind: 'machine', gcloud: folder === null ? null : `${folder}/application_default_credentials.json` };
}

/** Texts of a grant that must not be shown. What stands in a file is known only when it is read. */
export function secretsOfGoogle({ source }: GoogleGrant): readonly string[] {
  return source.kind === 'text' ? secretsOfCredential(readCredential(source.text, source.place)) : [];
}

function named(text: string, place: string, reach: EgressPurpose): NamedSource {
  // A file of this machine was written by its owner, whoever names its path.
  return text.startsWith('{')
    ? { source: { kind: 'text', text, place }, reach }
    : { source: { kind: 'file', path: text, place }, reach: 'provider' };
}

function homeFolder(env: Environment): string | null {
  const home = firstSet(env, ['HOME']);
  return home === null ? null : `${home}/.config/gcloud`;
}
