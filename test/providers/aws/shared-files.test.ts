import { describe, expect, test } from 'vitest';
import type { AwsSource } from '../../../src/providers/aws/grant.ts';
import { sourceOfProfile } from '../../../src/providers/aws/shared-files.ts';

const ROLE = 'arn:aws:iam::123456789012:role/models';
const ENVIRONMENT = { accessKeyId: 'AKIAENV', secretAccessKey: 's', sessionToken: null };

type Profile = Parameters<typeof sourceOfProfile>[0];

function read(name: string, config: string, credentials = '', more: Partial<Profile> = {}): AwsSource | null {
  const files: Record<string, string> = { '/config': config, '/credentials': credentials };
  const profile: Profile = {
    kind: 'profile',
    name,
    files: { credentials: { path: '/credentials', place: '~/.aws/credentials' }, config: { path: '/config', place: '~/.aws/config' } },
    environment: null,
    container: null,
    ...more,
  };
  return sourceOfProfile(profile, (path) => files[path] ?? '');
}

const keys = (accessKeyId: string, secretAccessKey = 's', sessionToken: string | null = null): AwsSource => ({
  kind: 'keys',
  keys: { accessKeyId, secretAccessKey, sessionToken },
});

describe('keys', () => {
  test('of both files are read, and the credentials file wins', () => {
    const config = '[default]\naws_access_key_id = A1\naws_secret_access_key = s1\n[profile dev]\nregion = x\n';
    expect(read('default', config)).toEqual(keys('A1', 's1'));
    expect(read('default', config, '[default]\naws_access_key_id = A2\naws_secret_access_key = s2\naws_session_token = t')).toEqual(
      keys('A2', 's2', 't'),
    );
    expect(read('dev', config, '[dev]\r\naws_access_key_id=A3\r\naws_secret_access_key=a=b+/c\r\n')).toEqual(keys('A3', 'a=b+/c'));
  });

  test('are read past comments, nested members, quotes and other sections', () => {
    const config = `# house
[profile "my dev"]  ; quoted
aws_access_key_id = A1 # mine
s3 =
  aws_access_key_id = nested
aws_secret_access_key = s#1

[sso-session my dev]
aws_access_key_id = other
[services x]
aws_secret_access_key = other`;
    expect(read('my dev', config)).toEqual(keys('A1', 's#1'));
  });

  test('of nobody are not there', () => {
    expect(read('prod', '[profile dev]\nregion = x')).toBeNull();
    // In the configuration file, only the default profile goes without the word.
    expect(read('dev', '[dev]\naws_access_key_id = A\naws_secret_access_key = s')).toBeNull();
  });
});

describe('a role', () => {
  const role = { arn: ROLE, session: 'llm-gateway', externalId: null, lifeS: null };

  test('is taken on by another profile, over several', () => {
    const config = `[profile a]
role_arn = ${ROLE}
source_profile = b
external_id = ex
role_session_name = house
duration_seconds = 900
[profile b]
role_arn = ${ROLE}-b
source_profile = c`;
    expect(read('a', config, '[c]\naws_access_key_id = A\naws_secret_access_key = s')).toEqual({
      kind: 'role',
      role: { arn: ROLE, session: 'house', externalId: 'ex', lifeS: 900 },
      by: { kind: 'role', role: { ...role, arn: `${ROLE}-b` }, by: keys('A') },
    });
  });

  test('of a profile that names itself is taken on with its own keys', () => {
    const credentials = `[a]\nrole_arn = ${ROLE}\nsource_profile = a\naws_access_key_id = A\naws_secret_access_key = s`;
    expect(read('a', '', credentials)).toEqual({ kind: 'role', role, by: keys('A') });
  });

  test('is taken on by a token in a file', () => {
    expect(read('a', `[profile a]\nrole_arn = ${ROLE}\nweb_identity_token_file = /run/token`)).toEqual({
      kind: 'web_identity',
      role,
      token: { kind: 'file', path: '/run/token', place: 'web_identity_token_file of the profile "a"' },
    });
  });

  test.each<[string, Partial<Profile>, AwsSource]>([
    ['Environment', { environment: ENVIRONMENT }, { kind: 'keys', keys: ENVIRONMENT }],
    ['EcsContainer', { container: { kind: 'container', address: 'http://169.254.170.2/c', authorization: null } }, { kind: 'container', address: 'http://169.254.170.2/c', authorization: null }], // prettier-ignore
    ['Ec2InstanceMetadata', {}, { kind: 'machine', profile: null }],
  ])('is taken on with credential_source = %s', (source, more, by) => {
    expect(read('a', `[profile a]\nrole_arn = ${ROLE}\ncredential_source = ${source}`, '', more)).toEqual({ kind: 'role', role, by });
  });
});

describe('what cannot be used is said by file and field, without a secret', () => {
  const FILES = '(~/.aws/credentials, ~/.aws/config)';

  test.each([
    ['aws_access_key_id = A', 'The profile "a" FILES has no "aws_secret_access_key".'],
    ['aws_secret_access_key = very-secret', 'The profile "a" FILES has no "aws_access_key_id".'],
    ['region = x', 'The profile "a" FILES has no "aws_access_key_id".'],
    [
      'credential_process = run very-secret',
      'The profile "a" FILES gets its keys from a program, and programs are not run ("credential_process"): set keys, a role, or a web identity token instead.',
    ],
    [
      'sso_session = s',
      'The profile "a" FILES signs in by a browser (SSO) ("sso_session"): set keys, a role, or a web identity token instead.',
    ],
    [
      `role_arn = ${ROLE}\nsource_profile = b\nmfa_serial = x`,
      'The profile "a" FILES asks for a one-time code ("mfa_serial"): set keys, a role, or a web identity token instead.',
    ],
    [
      `role_arn = ${ROLE}`,
      'The profile "a" FILES has "role_arn" without "source_profile", "credential_source" or "web_identity_token_file".',
    ],
    [`role_arn = ${ROLE}\nsource_profile = none`, 'The profile "none" FILES is named by "source_profile" and does not exist.'],
    [
      `role_arn = ${ROLE}\ncredential_source = Env`,
      'The profile "a" FILES has a "credential_source" that is none of Environment, EcsContainer, Ec2InstanceMetadata.',
    ],
    [
      `role_arn = ${ROLE}\ncredential_source = Environment`,
      'The profile "a" FILES takes its credentials from "credential_source = Environment", and there are none.',
    ],
    [
      `role_arn = ${ROLE}\nsource_profile = b\nduration_seconds = an hour`,
      'The profile "a" FILES has a "duration_seconds" that is no number.',
    ],
  ])('%j', (lines, message) => {
    expect(() => read('a', `[profile a]\n${lines}\n`)).toThrow(message.replace('FILES', FILES));
  });

  test('profiles that lead in a circle', () => {
    const config = `[profile a]\nrole_arn = ${ROLE}\nsource_profile = b\n[profile b]\nrole_arn = ${ROLE}\nsource_profile = a`;
    expect(() => read('a', config)).toThrow(`The profile "b" ${FILES} leads back to itself by "source_profile".`);
  });
});
