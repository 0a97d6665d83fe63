import type { AwsKeys, SigningScope } from './sigv4.ts';

/** The files of AWS's tools, and what they are called in messages. */
export interface SharedFiles {
  readonly credentials: NamedFile;
  readonly config: NamedFile;
}

export interface NamedFile {
  readonly path: string;
  /** For people: the path as it is usually written, or the variable that names it. */
  readonly place: string;
}

/** A role that is taken on, for an hour at a time. */
export interface Role {
  readonly arn: string;
  /** Names the session in the logs of AWS. */
  readonly session: string;
  readonly externalId: string | null;
  /** How long the session lives; null: an hour. */
  readonly lifeS: number | null;
}

/** A token of another issuer: its text, or the file in which somebody else renews it. `place`: where it is named, for people. */
export type WebToken =
  | { readonly kind: 'text'; readonly text: string; readonly place: string }
  | { readonly kind: 'file'; readonly path: string; readonly place: string };

/** What a container's own server is asked for keys with. Plain data; secret. */
export interface ContainerSource {
  readonly kind: 'container';
  readonly address: string;
  readonly authorization: WebToken | null;
}

/** Where keys of AWS come from. Plain data; secret. */
export type AwsSource =
  | { readonly kind: 'keys'; readonly keys: AwsKeys }
  | ContainerSource
  /** A profile of the shared files; the other two are what it may borrow (`credential_source`). */
  | {
      readonly kind: 'profile';
      readonly name: string;
      readonly files: SharedFiles;
      readonly environment: AwsKeys | null;
      readonly container: ContainerSource | null;
    }
  /** What a machine of AWS is told by its metadata server; before it the default profile, where files are looked into. */
  | { readonly kind: 'machine'; readonly profile: Extract<AwsSource, { kind: 'profile' }> | null }
  | { readonly kind: 'role'; readonly role: Role; readonly by: AwsSource }
  | { readonly kind: 'web_identity'; readonly role: Role; readonly token: WebToken };

/** The security token service that is asked. */
export interface StsPlace {
  readonly address: string;
  readonly region: string;
  /** Whether the texts of this machine's files may be shown there: not at an address that somebody gave who has the panel alone. */
  readonly seesFiles: boolean;
}

/** How temporary keys are got, and what is signed with them. Plain data; secret. */
export interface AwsGrant {
  readonly issuer: 'aws';
  readonly source: AwsSource;
  readonly sts: StsPlace;
  readonly scope: SigningScope;
}

/** Texts of a grant that must not be shown. What stands in a file or comes from a server is known only later. */
export function secretsOfAws({ source }: AwsGrant): readonly string[] {
  return secretsOfSource(source);
}

export function secretsOfSource(source: AwsSource): readonly string[] {
  switch (source.kind) {
    case 'keys':
      return secretsOfKeys(source.keys);
    case 'container':
      return source.authorization?.kind === 'text' ? [source.authorization.text] : [];
    case 'profile':
      return [
        ...(source.environment === null ? [] : secretsOfKeys(source.environment)),
        ...(source.container === null ? [] : secretsOfSource(source.container)),
      ];
    case 'machine':
      return source.profile === null ? [] : secretsOfSource(source.profile);
    case 'role':
      return [...secretsOfSource(source.by), ...(source.role.externalId === null ? [] : [source.role.externalId])];
    case 'web_identity':
      return source.token.kind === 'text' ? [source.token.text] : [];
  }
}

/** The one that tells the keys apart comes first. */
export function secretsOfKeys({ accessKeyId, secretAccessKey, sessionToken }: AwsKeys): readonly string[] {
  return [accessKeyId, secretAccessKey, ...(sessionToken === null ? [] : [sessionToken])];
}
