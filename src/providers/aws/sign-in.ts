import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { textOf } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { Signer } from '../transport/signer.ts';
import { awsCredentialsOf, type AwsCredentials } from './credentials.ts';
import type { AwsGrant, AwsSource } from './grant.ts';
import type { AwsQuestion } from './question.ts';
import { awsRegionOf } from './region.ts';
import { regionOfProfile } from './shared-files.ts';
import { AwsSigner } from './signer.ts';
import { stsPlaceOf } from './sts-place.ts';

/** What a deployment at AWS needs beside its model. */
export interface AwsSignIn {
  /** `litellm_params` with the region and the address in their own places. */
  readonly params: JsonObject;
  /** Headers that carry a key. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Null where a key is sent as it is, and where keys are got first. */
  readonly signer: Signer | null;
  /** What temporary keys are got with; null: they are not. Secret. */
  readonly grant: AwsGrant | null;
}

/** Routes of other AWS services that are written as if they were models. */
const OTHER_SERVICE = /^(agent|agentcore|mantle|openai|async_invoke)\//;

/**
 * Region, address and credentials of a deployment whose row is signed in to by `sigv4`.
 *
 * @throws {UnresolvedDeployment} when one of them is missing
 */
export function awsSignIn(row: ProviderRow, model: string, question: AwsQuestion): AwsSignIn {
  const { params } = question;
  const other = OTHER_SERVICE.exec(model)?.[1];
  if (other !== undefined)
    throw new UnresolvedDeployment(`"${other}/" is a service of AWS that is not spoken yet: models are written bedrock/<model id>.`, {
      param: 'model',
    });
  const { header = 'authorization', prefix = 'Bearer ', service = 'bedrock' } = row.auth;
  const found = foundFor(row, question, service === 'bedrock' ? ['AWS_BEARER_TOKEN_BEDROCK'] : []);
  const region = awsRegionOf(model, params, question.env) ?? regionOfSource(found, question);
  const base = addressIn(row, params);
  const completed = { ...params, ...(region === null ? {} : { aws_region_name: region }), ...(base === null ? {} : { api_base: base }) };
  const nothing: AwsSignIn = { params: completed, credentials: {}, signer: null, grant: null };
  if (found.by === 'bearer') return { ...nothing, credentials: { [header]: prefix + found.key } };
  if (found.by === 'nothing') return mayGoUnsigned(row, params) ? nothing : lackingKeys(row);
  if (region === null)
    throw new UnresolvedDeployment(`${row.name} needs aws_region_name or AWS_REGION_NAME.`, { param: 'aws_region_name' });
  const scope = { region, service };
  if (found.by === 'signature') return { ...nothing, signer: new AwsSigner(found.keys, scope) };
  return { ...nothing, grant: { issuer: 'aws', source: found.source, sts: stsPlaceOf(question, region), scope } };
}

/** What nobody named is not looked for on the machine where a call may go without. */
function foundFor(row: ProviderRow, question: AwsQuestion, bearers: readonly string[]): AwsCredentials {
  const found = awsCredentialsOf(question, bearers);
  return found.by === 'session' && found.source.kind === 'machine' && mayGoUnsigned(row, question.params) ? { by: 'nothing' } : found;
}

function lackingKeys(row: ProviderRow): never {
  throw new UnresolvedDeployment(
    `${row.name} needs credentials: set aws_access_key_id and aws_secret_access_key or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY${orKey(row)}.`,
    { param: 'aws_access_key_id' },
  );
}

/** Services that take a key as it is have a variable for it. */
function orKey({ keys = [], name }: ProviderRow): string {
  const [variable] = keys;
  return variable === undefined ? '' : `, or a ${name.replace(/^Amazon /, '')} API key as api_key or ${variable}`;
}

/** The address that the owner gave, by the service's own name for it or by those of all. */
function addressIn({ auth: { addressParam } }: ProviderRow, params: JsonObject): string | null {
  const names = ['api_base', 'base_url', ...(addressParam === undefined ? [] : [addressParam])];
  return names.map((name) => textOf(params[name])).find((text) => text !== null) ?? null;
}

/** The region of the profile that signs in, where nothing else tells one. */
function regionOfSource(found: AwsCredentials, { readText }: AwsQuestion): string | null {
  const profile = found.by === 'session' ? profileIn(found.source) : null;
  return profile === null || !readText ? null : regionOfProfile(profile, readText);
}

function profileIn(source: AwsSource): Extract<AwsSource, { kind: 'profile' }> | null {
  switch (source.kind) {
    case 'profile':
      return source;
    case 'machine':
      return source.profile;
    case 'role':
      return profileIn(source.by);
    case 'keys':
    case 'container':
    case 'web_identity':
      return null;
  }
}

/** A server of the owner's in AWS's dress, a deployment that calls nobody, callers with their own keys. */
function mayGoUnsigned(row: ProviderRow, params: JsonObject): boolean {
  const base = addressIn(row, params);
  const isElsewhere = base !== null && !/\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.test(URL.parse(base)?.hostname ?? '');
  return isElsewhere || ['mock_response', 'configurable_clientside_auth_params'].some((name) => (params[name] ?? null) !== null);
}
