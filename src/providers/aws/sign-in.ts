import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { Signer } from '../transport/signer.ts';
import { awsCredentialsOf } from './credentials.ts';
import { awsRegionOf } from './region.ts';
import { signed, type AwsKeys, type SigningScope } from './sigv4.ts';

/** What a deployment at AWS needs beside its model. */
export interface AwsSignIn {
  /** `litellm_params` with the region and the address in their own places. */
  readonly params: JsonObject;
  /** Headers that carry a key. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Null where a key is sent as it is. */
  readonly signer: Signer | null;
}

/** Routes of other AWS services that are written as if they were models. */
const OTHER_SERVICE = /^(agent|agentcore|mantle|openai|async_invoke)\//;

/**
 * Region, address and credentials of a deployment whose row is signed in to by `sigv4`.
 *
 * @throws {UnresolvedDeployment} when one of them is missing
 */
export function awsSignIn(row: ProviderRow, model: string, params: JsonObject, env: Environment): AwsSignIn {
  const other = OTHER_SERVICE.exec(model)?.[1];
  if (other !== undefined)
    throw new UnresolvedDeployment(`"${other}/" is a service of AWS that is not spoken yet: models are written bedrock/<model id>.`, {
      param: 'model',
    });
  const region = awsRegionOf(model, params, env);
  const base = textOf(params['api_base']) ?? textOf(params['base_url']) ?? textOf(params['aws_bedrock_runtime_endpoint']);
  const completed = { ...params, ...(region === null ? {} : { aws_region_name: region }), ...(base === null ? {} : { api_base: base }) };
  const found = awsCredentialsOf(row.name, params, env);
  const { header = 'authorization', prefix = 'Bearer ', service = 'bedrock' } = row.auth;
  if (found.by === 'bearer') return { params: completed, credentials: { [header]: prefix + found.key }, signer: null };
  if (found.by === 'nothing') {
    if (!mayGoUnsigned(completed))
      throw new UnresolvedDeployment(
        `${row.name} needs credentials: set aws_access_key_id and aws_secret_access_key or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a Bedrock API key as api_key or AWS_BEARER_TOKEN_BEDROCK.`,
        { param: 'aws_access_key_id' },
      );
    return { params: completed, credentials: {}, signer: null };
  }
  if (region === null)
    throw new UnresolvedDeployment(`${row.name} needs aws_region_name or AWS_REGION_NAME.`, { param: 'aws_region_name' });
  return { params: completed, credentials: {}, signer: new AwsSigner(found.keys, { region, service }) };
}

/** A server of the owner's in AWS's dress, a deployment that calls nobody, callers with their own keys. */
function mayGoUnsigned(params: JsonObject): boolean {
  return ['api_base', 'mock_response', 'configurable_clientside_auth_params'].some((name) => (params[name] ?? null) !== null);
}

class AwsSigner implements Signer {
  readonly #keys: AwsKeys;
  readonly #scope: SigningScope;

  constructor(keys: AwsKeys, scope: SigningScope) {
    this.#keys = keys;
    this.#scope = scope;
  }

  get secrets(): readonly string[] {
    const { accessKeyId, secretAccessKey, sessionToken } = this.#keys;
    return [accessKeyId, secretAccessKey, ...(sessionToken === null ? [] : [sessionToken])];
  }

  sign(...[request, now]: Parameters<Signer['sign']>): ReturnType<Signer['sign']> {
    return signed(request, this.#keys, this.#scope, now);
  }
}
