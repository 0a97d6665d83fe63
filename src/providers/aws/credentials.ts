import { firstSet, textOf } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsSource } from './grant.ts';
import { keysIn, OWN, textOfHeader, VARIABLES } from './key-pair.ts';
import { ambientSource, profileNamed } from './ambient.ts';
import type { AwsQuestion } from './question.ts';
import { roleOf, webTokenOf } from './role.ts';
import type { AwsKeys } from './sigv4.ts';

/** How AWS is told who asks: by a key that is sent as it is, by one that signs, by temporary ones that are got first, or not at all. */
export type AwsCredentials =
  | { readonly by: 'bearer'; readonly key: string }
  | { readonly by: 'signature'; readonly keys: AwsKeys }
  | { readonly by: 'session'; readonly source: AwsSource }
  | { readonly by: 'nothing' };

/**
 * The deployment's own credentials, else the environment's, else the machine's. Of the deployment's own: an API key, a web identity
 * token with its role, a role, a profile, an access key.
 *
 * @param bearers variables that hold an API key of this service
 * @throws {UnresolvedDeployment} naming the member that is wrong or missing
 */
export function awsCredentialsOf(question: AwsQuestion, bearers: readonly string[]): AwsCredentials {
  const { params, env } = question;
  const own = bearer(textOf(params['api_key'])) ?? ownSession(question) ?? pair((key) => textOf(params[key]), OWN);
  if (own !== null) return own;
  const set = bearer(firstSet(env, bearers)) ?? pair((key) => firstSet(env, [key]), VARIABLES);
  if (set !== null) return set;
  const source = ambientSource(question);
  return source === null ? { by: 'nothing' } : { by: 'session', source };
}

function bearer(key: string | null): AwsCredentials | null {
  return key === null ? null : { by: 'bearer', key: textOfHeader(key, 'api_key') };
}

function pair(...asked: Parameters<typeof keysIn>): AwsCredentials | null {
  const keys = keysIn(...asked);
  return keys === null ? null : { by: 'signature', keys };
}

function ownSession(question: AwsQuestion): AwsCredentials | null {
  const role = roleOf(question);
  const token = webTokenOf(question);
  const profile = textOf(question.params['aws_profile_name']);
  if (token !== null) {
    if (role === null)
      throw new UnresolvedDeployment('aws_web_identity_token is shown to take a role on: set aws_role_name too.', {
        param: 'aws_role_name',
      });
    return { by: 'session', source: { kind: 'web_identity', role, token } };
  }
  if (role !== null) return { by: 'session', source: { kind: 'role', role, by: takenOnBy(question, profile) } };
  return profile === null ? null : { by: 'session', source: profileNamed(profile, question, 'aws_profile_name') };
}

/** Who takes a role on: the deployment's own keys or profile, else what the environment or the machine has. */
function takenOnBy(question: AwsQuestion, profile: string | null): AwsSource {
  const { params, env } = question;
  const own = keysIn((key) => textOf(params[key]), OWN);
  if (own !== null) return { kind: 'keys', keys: own };
  if (profile !== null) return profileNamed(profile, question, 'aws_profile_name');
  const set = keysIn((key) => firstSet(env, [key]), VARIABLES);
  const source: AwsSource | null = set === null ? ambientSource(question) : { kind: 'keys', keys: set };
  if (source !== null) return source;
  throw new UnresolvedDeployment(
    'aws_role_name is taken on by somebody: set aws_access_key_id and aws_secret_access_key, aws_profile_name, or aws_web_identity_token.',
    { param: 'aws_access_key_id' },
  );
}
