import { firstSet, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsQuestion } from './question.ts';
import type { AwsSource, ContainerSource, SharedFiles, WebToken } from './grant.ts';
import { keysIn, VARIABLES } from './key-pair.ts';
import { roleInEnvironment } from './role.ts';
import { ProfileFault, sourceOfProfile } from './shared-files.ts';

type Profile = Extract<AwsSource, { kind: 'profile' }>;

/** ECS tells a path at this server. */
const OF_ECS = 'http://169.254.170.2';

/**
 * What the environment says beside keys, else what the machine has: a web identity token with its role, a profile, the container's
 * server, the default profile, the metadata server. Null: the last is switched off, and nothing else is there.
 *
 * @throws {UnresolvedDeployment} when a profile that is named cannot be used
 */
export function ambientSource(question: AwsQuestion): AwsSource | null {
  const { env } = question;
  const role = roleInEnvironment(env);
  const file = firstSet(env, ['AWS_WEB_IDENTITY_TOKEN_FILE']);
  if (role !== null && file !== null)
    return { kind: 'web_identity', role, token: { kind: 'file', path: file, place: 'AWS_WEB_IDENTITY_TOKEN_FILE' } };
  const name = firstSet(env, ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']);
  if (name !== null) return profileNamed(name, question, null);
  return containerIn(env) ?? machineOf(question);
}

/**
 * @param param member that names the profile; null: a variable does
 * @throws {UnresolvedDeployment} when files are looked into and it cannot be used
 */
export function profileNamed(name: string, { env, readText }: AwsQuestion, param: 'aws_profile_name' | null): Profile {
  const files = filesOf(env);
  if (files === null) throw new UnresolvedDeployment(`${param ?? 'AWS_PROFILE'} names a profile, and there is no home folder.`, { param });
  const profile = profileOf(name, files, env);
  if (readText && leadsOf(profile, readText, param) === null)
    throw new UnresolvedDeployment(
      `${param ?? 'AWS_PROFILE'} names a profile that stands in none of the files (${files.credentials.place}, ${files.config.place}).`,
      { param },
    );
  return profile;
}

function machineOf({ env, readText }: AwsQuestion): AwsSource | null {
  const files = filesOf(env);
  const profile = files && profileOf('default', files, env);
  if (firstSet(env, ['AWS_EC2_METADATA_DISABLED'])?.toLowerCase() !== 'true') return { kind: 'machine', profile };
  return profile !== null && readText && leadsOf(profile, readText, null) !== null ? profile : null;
}

function leadsOf(profile: Profile, readText: (path: string) => string, param: string | null): AwsSource | null {
  try {
    return sourceOfProfile(profile, readText);
  } catch (error) {
    if (error instanceof ProfileFault) throw new UnresolvedDeployment(error.message, { param, cause: error });
    throw error;
  }
}

function profileOf(name: string, files: SharedFiles, env: Environment): Profile {
  return { kind: 'profile', name, files, environment: keysIn((key) => firstSet(env, [key]), VARIABLES), container: containerIn(env) };
}

/** Null: no variable names them, and nobody has a home. */
function filesOf(env: Environment): SharedFiles | null {
  const home = firstSet(env, ['HOME']);
  const file = (variable: string, usual: string): SharedFiles['config'] | null => {
    const path = firstSet(env, [variable]);
    if (path !== null) return { path, place: variable };
    return home === null ? null : { path: `${home}/.aws/${usual}`, place: `~/.aws/${usual}` };
  };
  const [credentials, config] = [file('AWS_SHARED_CREDENTIALS_FILE', 'credentials'), file('AWS_CONFIG_FILE', 'config')];
  return credentials === null || config === null ? null : { credentials, config };
}

/** The server that gives a container its keys; null: there is none. */
function containerIn(env: Environment): ContainerSource | null {
  const path = firstSet(env, ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']);
  if (path !== null) return { kind: 'container', address: OF_ECS + `/${path.replace(/^\/+/, '')}`, authorization: null };
  const address = firstSet(env, ['AWS_CONTAINER_CREDENTIALS_FULL_URI']);
  return address === null ? null : { kind: 'container', address, authorization: authorizationIn(env) };
}

function authorizationIn(env: Environment): WebToken | null {
  const [fileVariable, variable] = ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  const [path, text] = [firstSet(env, [fileVariable]), firstSet(env, [variable])];
  if (path !== null) return { kind: 'file', path, place: fileVariable };
  return text === null || /[\r\n\0]/.test(text) ? null : { kind: 'text', text, place: variable };
}
