import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import { CredentialFault, readCredential, type GoogleCredential } from './credential.ts';
import { machineSource, sourceInEnvironment, sourceInParams, type GoogleGrant, type NamedSource } from './grant.ts';

type Headers = Readonly<Record<string, string>>;

/** What a deployment at Google Cloud needs beside its model. */
export interface GoogleSignIn {
  /** The project that is asked; null: an API key says it (express mode). */
  readonly project: string | null;
  /** Headers that carry a key. Secret. */
  readonly credentials: Headers;
  /** Headers that go with the credential. */
  readonly headers: Headers;
  /** Null where a key is sent as it is, or nothing is. Secret. */
  readonly grant: GoogleGrant | null;
}

export interface SignInQuestion {
  readonly params: JsonObject;
  readonly env: Environment;
  readonly trusted: boolean;
  /** Text of a small file of this machine; absent: files are not looked into. */
  readonly readText?: ((path: string) => string) | undefined;
}

const PROJECT_VARIABLES = ['VERTEXAI_PROJECT', 'VERTEX_PROJECT', 'GOOGLE_VERTEX_PROJECT', 'GOOGLE_CLOUD_PROJECT'];
const PROJECT = /^[a-z0-9][a-z0-9.:-]*$/i;

/**
 * Project and credentials of a deployment at Google Cloud: an API key or a credential of its own, then those of the variables,
 * then what the machine itself has.
 *
 * @throws {UnresolvedDeployment} naming the member that is wrong or missing
 */
export function googleSignIn(row: ProviderRow, scope: string, question: SignInQuestion): GoogleSignIn {
  const { params, env } = question;
  const key = keyOf(row, question);
  const project = textOf(params['vertex_project']) ?? textOf(params['vertex_ai_project']) ?? firstSet(env, PROJECT_VARIABLES);
  if (project !== null && !PROJECT.test(project))
    throw new UnresolvedDeployment('vertex_project is no project ID.', { param: 'vertex_project' });
  if (key !== null) {
    const { header = 'x-goog-api-key', prefix = '' } = row.auth;
    return { project, credentials: { [header]: prefix + key }, headers: {}, grant: null };
  }
  const source = sourceInParams(question) ?? sourceInEnvironment(question);
  if (source === null && mayGoUnsigned(params)) return { project: project ?? UNKNOWN_PROJECT, credentials: {}, headers: {}, grant: null };
  const credential = source === null ? null : checked(source, question);
  return {
    project: project ?? credential?.project_id ?? lackingProject(row),
    credentials: {},
    headers: quotaHeader(credential, env),
    grant:
      source === null ? { issuer: 'google', source: machineSource(env), scope, reach: 'provider' } : { issuer: 'google', ...source, scope },
  };
}

/** Where nobody is called, or only a server in Vertex's dress. */
const UNKNOWN_PROJECT = '-';

function keyOf(row: ProviderRow, question: SignInQuestion): string | null {
  const own = textOf(question.params['api_key']);
  const key = own ?? (sourceInParams(question) === null ? firstSet(question.env, row.keys ?? []) : null);
  if (key !== null && /[\r\n\0]/.test(key)) throw new UnresolvedDeployment('api_key holds a line break.', { param: 'api_key' });
  return key;
}

/** A server of the owner's in Vertex's dress, a deployment that calls nobody, callers with their own keys. */
function mayGoUnsigned(params: JsonObject): boolean {
  const base = textOf(params['api_base']) ?? textOf(params['base_url']);
  const isElsewhere = base !== null && !/\.(?:googleapis\.com|goog)$/.test(URL.parse(base)?.hostname ?? '');
  return isElsewhere || ['mock_response', 'configurable_clientside_auth_params'].some((name) => (params[name] ?? null) !== null);
}

/** Looks at the credential before anybody calls, so that its owner hears at once what is wrong with it. */
function checked({ source }: NamedSource, { readText }: SignInQuestion): GoogleCredential | null {
  try {
    if (source.kind === 'text') return readCredential(source.text, source.place);
    return readText ? readCredential(textOfFile(source.path, source.place, readText), source.place) : null;
  } catch (error) {
    if (error instanceof CredentialFault) throw new UnresolvedDeployment(error.message, { param: 'vertex_credentials', cause: error });
    throw error;
  }
}

function textOfFile(path: string, place: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    throw new UnresolvedDeployment(`The file that ${place} names cannot be read.`, { param: 'vertex_credentials', cause: error });
  }
}

/** Whose quota and bill it is, where that is not the project that is asked. */
function quotaHeader(credential: GoogleCredential | null, env: Environment): Headers {
  const project = firstSet(env, ['GOOGLE_CLOUD_QUOTA_PROJECT']) ?? credential?.quota_project_id;
  return project === undefined || !PROJECT.test(project) ? {} : { 'x-goog-user-project': project };
}

function lackingProject(row: ProviderRow): never {
  throw new UnresolvedDeployment(`${row.name} needs vertex_project or VERTEXAI_PROJECT, or an api_key of express mode.`, {
    param: 'vertex_project',
  });
}
