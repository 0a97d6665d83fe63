import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsQuestion } from './question.ts';
import type { Role, WebToken } from './grant.ts';

const ARN = /^arn:[\w-]+:iam::\d+:role\/[\w+=,.@/-]+$/;
const SESSION = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const SESSION_VARIABLES = ['AWS_ROLE_SESSION_NAME', 'AWS_SESSION_NAME'];
const UNNAMED = 'llm-gateway';

/** The role that a row names; null: none. @throws {UnresolvedDeployment} naming the member that cannot be */
export function roleOf({ params, env }: AwsQuestion): Role | null {
  const arn = textOf(params['aws_role_name']);
  const externalId = textOf(params['aws_external_id']);
  if (arn === null) {
    if (externalId !== null) throw new UnresolvedDeployment('aws_external_id is set without aws_role_name.', { param: 'aws_role_name' });
    return null;
  }
  const session = textOf(params['aws_session_name']) ?? firstSet(env, SESSION_VARIABLES) ?? UNNAMED;
  check(ARN, arn, 'aws_role_name', 'is no ARN of a role (arn:aws:iam::123456789012:role/name)');
  check(SESSION, session, 'aws_session_name', 'may have 2 to 64 letters, digits and signs of =,.@-_');
  if (externalId !== null) check(EXTERNAL_ID, externalId, 'aws_external_id', 'may have letters, digits and signs of =,.@:/-_');
  return { arn, session, externalId, lifeS: null };
}

/** The role of the environment that goes with a token's file (EKS, GitHub's runners); null: none. */
export function roleInEnvironment(env: Environment): Role | null {
  const arn = firstSet(env, ['AWS_ROLE_ARN']);
  const session = firstSet(env, SESSION_VARIABLES) ?? UNNAMED;
  return arn === null || !ARN.test(arn) || !SESSION.test(session) ? null : { arn, session, externalId: null, lifeS: null };
}

/**
 * The other issuer's token that a row names: `oidc/file/<path>`, `oidc/env/<variable>`, `oidc/env_path/<variable>`, a path, or the
 * token itself.
 *
 * @throws {UnresolvedDeployment} when it is nowhere
 */
export function webTokenOf({ params, env }: AwsQuestion): WebToken | null {
  const param = 'aws_web_identity_token';
  const value = textOf(params[param]);
  if (value === null) return null;
  if (!value.startsWith('oidc/')) return value.startsWith('/') ? { kind: 'file', path: value, place: param } : textToken(value, param);
  const [, kind = '', rest = ''] = /^oidc\/(\w+)\/(.+)$/.exec(value) ?? [];
  if (kind === 'file') return { kind: 'file', path: `/${rest.replace(/^\/+/, '')}`, place: param };
  if (kind !== 'env' && kind !== 'env_path')
    throw new UnresolvedDeployment(
      `${param} can be taken from a file or the environment: oidc/file/<path>, oidc/env/<variable>, oidc/env_path/<variable>.`,
      { param },
    );
  const set = firstSet(env, [rest]);
  if (set === null) throw new UnresolvedDeployment(`${param} names a variable that is not set.`, { param });
  return kind === 'env' ? textToken(set, param) : { kind: 'file', path: set, place: param };
}

function textToken(text: string, param: string): WebToken {
  if (/[\r\n\0]/.test(text)) throw new UnresolvedDeployment(`${param} holds a line break.`, { param });
  return { kind: 'text', text, place: param };
}

function check(form: RegExp, text: string, param: string, words: string): void {
  if (!form.test(text)) throw new UnresolvedDeployment(`${param} ${words}.`, { param });
}
