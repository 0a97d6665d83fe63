import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { Signer } from '../transport/signer.ts';
import { accountOf, type CredentialQuestion } from './credentials.ts';
import { signed, type OciKey } from './signature.ts';

/** What a deployment at Oracle Cloud needs beside its model. */
export interface OciSignIn {
  /** `litellm_params` with the region in its own place, and the address as the dialect's paths go on from it. */
  readonly params: JsonObject;
  /** Headers that carry a key. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Null where a key is sent as it is, or nothing is. */
  readonly signer: Signer | null;
  /** No token is ever got first. */
  readonly grant: null;
  /** Where in the account the model is called; null: a key that is sent says it, and OpenAI's interface is spoken. */
  readonly scope: Readonly<Record<string, string>> | null;
}

const FORMATS = ['GENERIC', 'COHERE', 'COHEREV2'];
const MODES = ['ON_DEMAND', 'DEDICATED'];

/**
 * Region, address, credentials and compartment of a deployment at Oracle Cloud: a Generative AI API key is sent as it is to the
 * OpenAI-compatible paths, an API signing key signs each request of the service's own.
 *
 * @throws {UnresolvedDeployment} naming the member that is wrong or missing
 */
export function ociSignIn(row: ProviderRow, question: CredentialQuestion): OciSignIn {
  const { params, env } = question;
  const bearer = bearerOf(row, question);
  const account = bearer === null ? accountOf(question) : { region: null, key: null, secrets: [] };
  const base = baseOf(params, firstSet(env, BASES));
  const completed = {
    ...params,
    ...(account.region === null ? {} : { oci_region: account.region }),
    ...(base === null ? {} : { api_base: base }),
  };
  if (bearer !== null) {
    const { header = 'authorization', prefix = 'Bearer ' } = row.auth;
    return { params: completed, credentials: { [header]: prefix + bearer }, signer: null, grant: null, scope: null };
  }
  if (account.key === null && !mayGoUnsigned(params, base))
    throw new UnresolvedDeployment(
      `${row.name} needs credentials: set oci_user, oci_tenancy, oci_fingerprint and oci_key (or oci_key_file), or OCI_USER and the like, or write ~/.oci/config; or set a Generative AI API key as api_key.`,
      { param: 'oci_user' },
    );
  const signer = account.key === null ? null : new OciSigner(account.key, account.secrets);
  return { params: completed, credentials: {}, signer, grant: null, scope: scopeOf(row, question) };
}

const BASES = ['OCI_GENAI_API_BASE'];

/** The deployment's own; that of the variable only where the deployment says nothing of a signing key. */
function bearerOf(row: ProviderRow, { params, env }: CredentialQuestion): string | null {
  const own = textOf(params['api_key']);
  const signs = ['oci_user', 'oci_key', 'oci_key_file', 'oci_profile'].some((name) => textOf(params[name]) !== null);
  const key = own ?? (signs ? null : firstSet(env, row.keys ?? []));
  if (key !== null && /[\r\n\0]/.test(key)) throw new UnresolvedDeployment('api_key holds a line break.', { param: 'api_key' });
  return key;
}

/** The address without what the dialect's own paths begin with. */
function baseOf(params: JsonObject, variable: string | null): string | null {
  const base = textOf(params['api_base']) ?? textOf(params['base_url']) ?? variable;
  return base?.replace(/\/+$/, '').replace(/\/20231130(?:\/actions(?:\/chat)?)?$/, '') ?? null;
}

/** A server of the owner's in Oracle's dress, a deployment that calls nobody, callers with their own keys. */
function mayGoUnsigned(params: JsonObject, base: string | null): boolean {
  const isElsewhere = base !== null && !/\.oraclecloud\.\w+$/.test(URL.parse(base)?.hostname ?? '');
  return isElsewhere || ['mock_response', 'configurable_clientside_auth_params'].some((name) => (params[name] ?? null) !== null);
}

function scopeOf(row: ProviderRow, { params, env }: CredentialQuestion): Readonly<Record<string, string>> {
  const compartment = textOf(params['oci_compartment_id']) ?? firstSet(env, ['OCI_COMPARTMENT_ID']);
  if (compartment === null && (params['mock_response'] ?? null) === null)
    throw new UnresolvedDeployment(`${row.name} needs oci_compartment_id or OCI_COMPARTMENT_ID.`, { param: 'oci_compartment_id' });
  const endpoint = textOf(params['oci_endpoint_id']);
  const mode = oneOf(params, 'oci_serving_mode', MODES) ?? (endpoint === null ? null : 'DEDICATED');
  const format = oneOf(params, 'oci_api_format', FORMATS);
  return {
    compartment: compartment ?? '',
    ...(mode === null ? {} : { mode }),
    ...(endpoint === null || mode === 'ON_DEMAND' ? {} : { endpoint }),
    ...(format === null ? {} : { format }),
  };
}

function oneOf(params: JsonObject, name: string, words: readonly string[]): string | null {
  const word = textOf(params[name])?.toUpperCase() ?? null;
  if (word === null || words.includes(word)) return word;
  throw new UnresolvedDeployment(`${name} is one of ${words.join(', ')}.`, { param: name });
}

class OciSigner implements Signer {
  readonly #key: OciKey;
  readonly #secrets: readonly string[];

  constructor(key: OciKey, secrets: readonly string[]) {
    this.#key = key;
    this.#secrets = secrets;
  }

  get secrets(): readonly string[] {
    return this.#secrets;
  }

  sign(...[request, now]: Parameters<Signer['sign']>): ReturnType<Signer['sign']> {
    return signed(request, this.#key, now);
  }
}
