import type { JsonObject } from '../../core/json-object.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import { pathOf, profileOf, type Profile } from './config-file.ts';
import { privateKeyOf, type FoundKey } from './private-key.ts';
import type { OciKey } from './signature.ts';

export interface CredentialQuestion {
  /** Of the provider, for people. */
  readonly name: string;
  readonly params: JsonObject;
  readonly env: Environment;
  /** Text of a small file of this machine; absent: files are not looked into. */
  readonly readText?: ((path: string) => string) | undefined;
}

/** Who asks at Oracle Cloud, and where. */
export interface OciAccount {
  readonly region: string | null;
  /** Null: nothing says who asks. Secret. */
  readonly key: OciKey | null;
  /** Texts that must never be shown. */
  readonly secrets: readonly string[];
}

interface Names {
  readonly param: string;
  readonly variables: readonly string[];
  /** In the configuration file. */
  readonly member: string;
}

const USER: Names = { param: 'oci_user', variables: ['OCI_USER', 'OCI_CLI_USER'], member: 'user' };
const TENANCY: Names = { param: 'oci_tenancy', variables: ['OCI_TENANCY', 'OCI_CLI_TENANCY'], member: 'tenancy' };
const FINGERPRINT: Names = { param: 'oci_fingerprint', variables: ['OCI_FINGERPRINT', 'OCI_CLI_FINGERPRINT'], member: 'fingerprint' };
const KEY: Names = { param: 'oci_key', variables: ['OCI_KEY', 'OCI_CLI_KEY_CONTENT'], member: 'key_content' };
const KEY_FILE: Names = { param: 'oci_key_file', variables: ['OCI_KEY_FILE', 'OCI_CLI_KEY_FILE'], member: 'key_file' };
const PASSPHRASE: Names = { param: 'oci_key_passphrase', variables: ['OCI_KEY_PASSPHRASE', 'OCI_CLI_PASSPHRASE'], member: 'pass_phrase' };
const REGION: Names = { param: 'oci_region', variables: ['OCI_REGION', 'OCI_CLI_REGION'], member: 'region' };

/** What together says who asks. */
const IDENTITY = [USER, TENANCY, FINGERPRINT, KEY, KEY_FILE];

/**
 * Each member is the deployment's own, else that of its variable. Where neither says anything of who asks, or the deployment names a
 * profile, the configuration file does.
 *
 * @throws {UnresolvedDeployment} naming the member that is wrong or missing
 */
export function accountOf(question: CredentialQuestion): OciAccount {
  const { params, env } = question;
  const own = (names: Names): string | null => textOf(params[names.param]);
  const byVariable = (names: Names): string | null => firstSet(env, names.variables);
  const named = textOf(params['oci_profile']);
  const isTold = IDENTITY.some((names) => own(names) ?? byVariable(names));
  const profile =
    isTold && named === null ? null : profileOf({ ...question, profile: named ?? firstSet(env, ['OCI_PROFILE', 'OCI_CLI_PROFILE']) });
  const filed = (names: Names): string | null => textOf(profile?.[names.member]);
  // A profile that the deployment names speaks before the variables, which are everybody's.
  const said = (names: Names): string | null =>
    named === null ? (own(names) ?? byVariable(names) ?? filed(names)) : (own(names) ?? filed(names) ?? byVariable(names));
  const region = said(REGION) ?? textOf(params['region_name']);
  if (!isTold && profile === null) return { region, key: null, secrets: [] };
  return { region, ...keyOf(question, said, profile) };
}

type Said = (names: Names) => string | null;

function keyOf(question: CredentialQuestion, said: Said, profile: Profile | null): Pick<OciAccount, 'key' | 'secrets'> {
  if (profile?.['security_token_file'] !== undefined && textOf(question.params[USER.param]) === null)
    throw new UnresolvedDeployment(
      'The profile of Oracle Cloud signs in by a session token, which ends within an hour: give one with an API signing key.',
      { param: 'oci_profile' },
    );
  const [tenancy, user, fingerprint] = [TENANCY, USER, FINGERPRINT].map((names) => needed(names, said, question));
  const found = foundKey(question, said);
  const key = privateKeyOf(found);
  const secrets = [found.text, ...(found.passphrase === null ? [] : [found.passphrase])];
  return { key: { id: `${tenancy}/${user}/${fingerprint}`, key }, secrets };
}

/** It stands between quotes in a header. */
function needed(names: Names, said: Said, { name }: CredentialQuestion): string {
  const text = said(names);
  if (text === null) throw new UnresolvedDeployment(`${name} needs ${names.param} or ${names.variables[0]}.`, { param: names.param });
  if (/[\s"/\0]/.test(text)) throw new UnresolvedDeployment(`${names.param} holds a sign that cannot stand in it.`, { param: names.param });
  return text;
}

/** Of one place the text of a key counts before the path of its file. */
function foundKey(question: CredentialQuestion, said: Said): FoundKey {
  const { name, params } = question;
  const passphrase = said(PASSPHRASE);
  const own = textOf(params[KEY.param]);
  const path = textOf(params[KEY_FILE.param]) ?? (said(KEY) === null ? said(KEY_FILE) : null);
  if (own === null && path !== null) return { text: fileText(path, question), passphrase, param: KEY_FILE.param };
  const text = own ?? said(KEY);
  if (text === null)
    throw new UnresolvedDeployment(`${name} needs oci_key or oci_key_file, or OCI_KEY or OCI_KEY_FILE.`, { param: KEY.param });
  return { text, passphrase, param: KEY.param };
}

function fileText(path: string, { env, readText }: CredentialQuestion): string {
  try {
    if (readText) return readText(pathOf(path, env));
  } catch (error) {
    throw new UnresolvedDeployment('The file that oci_key_file names cannot be read.', { param: KEY_FILE.param, cause: error });
  }
  throw new UnresolvedDeployment('oci_key_file is not looked into here: set oci_key.', { param: KEY_FILE.param });
}
