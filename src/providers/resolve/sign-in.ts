import type { JsonObject } from '../../core/json-object.ts';
import { awsSignIn } from '../aws/sign-in.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { databricksSignIn } from '../databricks/sign-in.ts';
import { gigachatSignIn } from '../gigachat/sign-in.ts';
import { googleSignIn } from '../google/sign-in.ts';
import { ibmSignIn } from '../ibm/sign-in.ts';
import { ociSignIn } from '../oci/sign-in.ts';
import { sapSignIn } from '../sap/sign-in.ts';
import { snowflakeSignIn } from '../snowflake/sign-in.ts';
import type { Grant } from '../tokens/grant.ts';
import type { Signer } from '../transport/signer.ts';
import { credentialsOf } from './credentials.ts';
import type { Environment } from './environment.ts';
import type { Place } from './place.ts';

type Headers = Readonly<Record<string, string>>;

/** How a provider is told who asks, and what of the account that says. */
export interface SignIn {
  /** Headers that carry a proof that needs no asking. Secret. */
  readonly credentials: Headers;
  /** Headers that go with the proof. */
  readonly headers?: Headers;
  /** What tokens, or keys that sign, are got with; null: nothing is asked for. Secret. */
  readonly grant: Grant | null;
  /** Signs each request; absent or null: none is signed. */
  readonly signer?: Signer | null;
  /** `litellm_params` with what the account says: region, address; absent: as they are. */
  readonly params?: JsonObject;
  /** Google's project; null: an API key says it. */
  readonly project?: string | null;
  /** Where in the account the model is called; null: the key says it. */
  readonly scope?: Readonly<Record<string, string>> | null;
  /** SAP's deployment, where the owner names it; null: it is found. */
  readonly deployment?: string | null;
}

export interface SignInQuestion {
  readonly params: JsonObject;
  readonly env: Environment;
  /** What the model is called at the provider. */
  readonly model: string;
  /** The provider's name, for messages. */
  readonly named: string;
  readonly trusted: boolean;
  readonly readText?: ((path: string) => string) | undefined;
}

/** Of providers whose account says where the model is; null: it is no such provider. @throws {UnresolvedDeployment} */
export function accountSignIn(row: ProviderRow, { params, env, model, named, trusted, readText }: SignInQuestion): SignIn | null {
  const { type, google, sap } = row.auth;
  if (type === 'sigv4') return awsSignIn(row, model, { params, env, trusted, readText });
  if (type === 'oci') return ociSignIn(row, { name: named, params, env, readText });
  if (google !== undefined) return googleSignIn(row, google.scope, { params, env, trusted, readText });
  if (sap !== true) return null;
  const { base, ...signIn } = sapSignIn(row, params, env);
  return { ...signIn, params: { ...params, api_base: base } };
}

/** Of all others, once it is known where the model is. @throws {UnresolvedDeployment} when there is nothing to show */
export function signInAt(place: Place, row: ProviderRow, params: JsonObject, env: Environment): SignIn {
  const { ibm, gigachat, tokens } = row.auth;
  if (ibm !== undefined) return ibmSignIn(row, ibm.address, params, env);
  if (gigachat !== undefined) return gigachatSignIn(row, gigachat, params, env);
  const byToken = tokens === undefined ? null : TOKENS[tokens](place.base, params, env);
  if (byToken !== null) return byToken;
  const { secret, plain, grant } = credentialsOf(row, params, env, place);
  return { credentials: secret, headers: plain, grant };
}

/** Where a key is usual, and tokens may stand in its place; null: it is a key. */
const TOKENS = { databricks: databricksSignIn, snowflake: snowflakeSignIn };
