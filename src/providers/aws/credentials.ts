import type { JsonObject } from '../../core/json-object.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsKeys } from './sigv4.ts';

/** How AWS is told who asks: by a key that is sent as it is, by one that signs, or not at all. */
export type AwsCredentials =
  | { readonly by: 'bearer'; readonly key: string }
  | { readonly by: 'signature'; readonly keys: AwsKeys }
  | { readonly by: 'nothing' };

/** Ways to sign in that need a call to AWS or a file of its tools. */
const NOT_SPOKEN = ['aws_role_name', 'aws_web_identity_token', 'aws_profile_name'];

/**
 * The deployment's own credentials, else the environment's; of each, a Bedrock API key before an access key.
 *
 * @param name of the provider, for people
 * @throws {UnresolvedDeployment} when half of a pair is missing, or when they are asked for in a way that is not spoken
 */
export function awsCredentialsOf(name: string, params: JsonObject, env: Environment): AwsCredentials {
  const other = NOT_SPOKEN.find((key) => textOf(params[key]) !== null);
  if (other !== undefined)
    throw new UnresolvedDeployment(
      `${name} is signed in to by an access key or an API key; ${other} is not supported: set aws_access_key_id and aws_secret_access_key, or api_key.`,
      { param: other },
    );
  const own = bearer(textOf(params['api_key']), 'api_key') ?? pair((key) => textOf(params[key]), OWN);
  return own ?? bearer(firstSet(env, ['AWS_BEARER_TOKEN_BEDROCK']), 'api_key') ?? pair((key) => firstSet(env, [key]), VARIABLES) ?? NOTHING;
}

const NOTHING: AwsCredentials = { by: 'nothing' };

interface Names {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

const OWN: Names = { id: 'aws_access_key_id', secret: 'aws_secret_access_key', token: 'aws_session_token' };
const VARIABLES: Names = { id: 'AWS_ACCESS_KEY_ID', secret: 'AWS_SECRET_ACCESS_KEY', token: 'AWS_SESSION_TOKEN' };

function bearer(key: string | null, param: string): AwsCredentials | null {
  return key === null ? null : { by: 'bearer', key: withoutBreak(key, param) };
}

function pair(read: (name: string) => string | null, names: Names): AwsCredentials | null {
  const accessKeyId = read(names.id);
  const secretAccessKey = read(names.secret);
  const sessionToken = read(names.token);
  if (accessKeyId === null && secretAccessKey === null) return null;
  if (accessKeyId === null || secretAccessKey === null) {
    const [missing, given] = accessKeyId === null ? [names.id, names.secret] : [names.secret, names.id];
    throw new UnresolvedDeployment(`${given} is set without ${missing}.`, { param: missing });
  }
  return {
    by: 'signature',
    keys: {
      accessKeyId: withoutBreak(accessKeyId, names.id),
      secretAccessKey,
      sessionToken: sessionToken === null ? null : withoutBreak(sessionToken, names.token),
    },
  };
}

/** @throws {UnresolvedDeployment} for text that cannot stand in a header */
function withoutBreak(text: string, param: string): string {
  if (/[\r\n\0]/.test(text)) throw new UnresolvedDeployment(`${param} holds a line break.`, { param });
  return text;
}
