import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsKeys } from './sigv4.ts';

interface Names {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

export const OWN: Names = { id: 'aws_access_key_id', secret: 'aws_secret_access_key', token: 'aws_session_token' };
export const VARIABLES: Names = { id: 'AWS_ACCESS_KEY_ID', secret: 'AWS_SECRET_ACCESS_KEY', token: 'AWS_SESSION_TOKEN' };

/** Null: neither half is there. @throws {UnresolvedDeployment} when one half is missing */
export function keysIn(read: (name: string) => string | null, names: Names): AwsKeys | null {
  const accessKeyId = read(names.id);
  const secretAccessKey = read(names.secret);
  const sessionToken = read(names.token);
  if (accessKeyId === null && secretAccessKey === null) return null;
  if (accessKeyId === null || secretAccessKey === null) {
    const [missing, given] = accessKeyId === null ? [names.id, names.secret] : [names.secret, names.id];
    throw new UnresolvedDeployment(`${given} is set without ${missing}.`, { param: missing });
  }
  return {
    accessKeyId: textOfHeader(accessKeyId, names.id),
    secretAccessKey,
    sessionToken: sessionToken === null ? null : textOfHeader(sessionToken, names.token),
  };
}

/** @throws {UnresolvedDeployment} for text that cannot stand in a header */
export function textOfHeader(text: string, param: string): string {
  if (/[\r\n\0]/.test(text)) throw new UnresolvedDeployment(`${param} holds a line break.`, { param });
  return text;
}
