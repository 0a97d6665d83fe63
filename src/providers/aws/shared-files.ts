import type { AwsSource, Role, SharedFiles } from './grant.ts';

type Profile = Extract<AwsSource, { kind: 'profile' }>;
type Section = ReadonlyMap<string, string>;

/** What is wrong with a profile, in one plain sentence that shows nothing of it. */
export class ProfileFault extends Error {
  override readonly name = 'ProfileFault';
}

/** What a profile cannot be used for here, by the member that asks for it. */
const NOT_SPOKEN: Readonly<Record<string, string>> = {
  credential_process: 'gets its keys from a program, and programs are not run',
  sso_session: 'signs in by a browser (SSO)',
  sso_start_url: 'signs in by a browser (SSO)',
  mfa_serial: 'asks for a one-time code',
};

/**
 * What a profile of `~/.aws/credentials` and `~/.aws/config` leads to: keys, or a role by another source.
 *
 * @param readText of a small file; throws when there is none
 * @returns `null` when neither file has the profile
 * @throws {ProfileFault} when it cannot be used
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html (2026-11-26)
 */
export function sourceOfProfile(profile: Profile, readText: (path: string) => string): AwsSource | null {
  const sections = sectionsOf(profile.files, readText);
  return sections.has(profile.name) ? new ProfileReader(profile, sections).source(profile.name, new Set()) : null;
}

/** The region that a profile names; null: none. */
export function regionOfProfile({ files, name }: Profile, readText: (path: string) => string): string | null {
  return sectionsOf(files, readText).get(name)?.get('region') ?? null;
}

class ProfileReader {
  readonly #profile: Profile;
  readonly #sections: ReadonlyMap<string, Section>;

  constructor(profile: Profile, sections: ReadonlyMap<string, Section>) {
    this.#profile = profile;
    this.#sections = sections;
  }

  /** @param seen profiles that led here */
  source(name: string, seen: ReadonlySet<string>): AwsSource {
    const section = this.#section(name);
    for (const [member, words] of Object.entries(NOT_SPOKEN))
      if (section.has(member)) throw this.#fault(name, `${words} ("${member}"): set keys, a role, or a web identity token instead.`);
    const arn = section.get('role_arn');
    // A profile that leads back to itself lends the role its own keys.
    return arn === undefined || seen.has(name) ? this.#keys(name, section) : this.#role(name, section, arn, new Set([...seen, name]));
  }

  #role(name: string, section: Section, arn: string, seen: ReadonlySet<string>): AwsSource {
    const role = this.#roleOf(name, section, arn);
    const [file, source, other] = ['web_identity_token_file', 'source_profile', 'credential_source'].map((member) => section.get(member));
    if (file !== undefined)
      return {
        kind: 'web_identity',
        role: { ...role, externalId: null },
        token: { kind: 'file', path: file, place: `web_identity_token_file of the profile "${name}"` },
      };
    if (source !== undefined) {
      if (seen.has(source) && source !== name) throw this.#fault(name, 'leads back to itself by "source_profile".');
      return { kind: 'role', role, by: this.source(source, seen) };
    }
    if (other !== undefined) return { kind: 'role', role, by: this.#lent(name, other) };
    throw this.#fault(name, 'has "role_arn" without "source_profile", "credential_source" or "web_identity_token_file".');
  }

  #roleOf(name: string, section: Section, arn: string): Role {
    const life = section.get('duration_seconds');
    if (life !== undefined && !/^\d+$/.test(life)) throw this.#fault(name, 'has a "duration_seconds" that is no number.');
    return {
      arn,
      session: section.get('role_session_name') ?? 'llm-gateway',
      externalId: section.get('external_id') ?? null,
      lifeS: life === undefined ? null : Number(life),
    };
  }

  #lent(name: string, source: string): AwsSource {
    const { environment, container } = this.#profile;
    switch (source) {
      case 'Environment':
        if (environment !== null) return { kind: 'keys', keys: environment };
        break;
      case 'EcsContainer':
        if (container !== null) return container;
        break;
      case 'Ec2InstanceMetadata':
        return { kind: 'machine', profile: null };
      default:
        throw this.#fault(name, 'has a "credential_source" that is none of Environment, EcsContainer, Ec2InstanceMetadata.');
    }
    throw this.#fault(name, `takes its credentials from "credential_source = ${source}", and there are none.`);
  }

  #keys(name: string, section: Section): AwsSource {
    const [accessKeyId, secretAccessKey] = ['aws_access_key_id', 'aws_secret_access_key'].map((member) => section.get(member) ?? '');
    if (!accessKeyId || !secretAccessKey)
      throw this.#fault(name, `has no "${accessKeyId ? 'aws_secret_access_key' : 'aws_access_key_id'}".`);
    return { kind: 'keys', keys: { accessKeyId, secretAccessKey, sessionToken: section.get('aws_session_token') ?? null } };
  }

  #section(name: string): Section {
    const section = this.#sections.get(name);
    if (section === undefined) throw this.#fault(name, 'is named by "source_profile" and does not exist.');
    return section;
  }

  #fault(name: string, words: string): ProfileFault {
    const { credentials, config } = this.#profile.files;
    return new ProfileFault(`The profile "${name.slice(0, 100)}" (${credentials.place}, ${config.place}) ${words}`);
  }
}

/** Both files as one: what the credentials say wins. */
function sectionsOf({ credentials, config }: SharedFiles, readText: (path: string) => string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  addSections(sections, textIfThere(config.path, readText), (title) => (title === 'default' ? title : /^profile\s+(.+)$/.exec(title)?.[1]));
  addSections(sections, textIfThere(credentials.path, readText), (title) => title);
  return sections;
}

function textIfThere(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch {
    return '';
  }
}

function addSections(sections: Map<string, Map<string, string>>, text: string, nameOf: (title: string) => string | undefined): void {
  let section: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const plain = line.replace(/(^|\s)[;#].*$/, '').trimEnd();
    const title = /^\[([^\]]*)\]$/.exec(plain)?.[1]?.trim();
    if (title !== undefined) {
      const name = nameOf(title)?.replaceAll(/^["']|["']$/g, '');
      section = name === undefined ? null : (sections.get(name) ?? new Map<string, string>());
      if (name !== undefined && section !== null) sections.set(name, section);
      continue;
    }
    // What is indented belongs to the member above it, and none of those is read.
    const [, member, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(plain) ?? [];
    if (member !== undefined && value) section?.set(member.toLowerCase(), value);
  }
}
