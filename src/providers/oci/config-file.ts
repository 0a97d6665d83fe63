import { firstSet, type Environment } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';

/** Members of one profile of Oracle's configuration file. */
export type Profile = Readonly<Record<string, string>>;

/** Where the file is found. */
export interface ConfigFileQuestion {
  readonly env: Environment;
  /** Null: nobody names one. */
  readonly profile: string | null;
  /** Text of a small file of this machine; absent: files are not looked into. */
  readonly readText?: ((path: string) => string) | undefined;
}

const USUAL_PROFILE = 'DEFAULT';

/**
 * A profile of `~/.oci/config`, or of the file that `OCI_CONFIG_FILE` or `OCI_CLI_CONFIG_FILE` names. What a profile does not say,
 * `DEFAULT` says.
 *
 * @returns null when there is no such file and nobody named it or a profile
 * @throws {UnresolvedDeployment} when it, or the named profile, cannot be read
 * @see https://docs.oracle.com/en-us/iaas/Content/API/Concepts/sdkconfig.htm (2026-11-26)
 */
export function profileOf({ env, profile, readText }: ConfigFileQuestion): Profile | null {
  const named = firstSet(env, ['OCI_CONFIG_FILE', 'OCI_CLI_CONFIG_FILE']);
  const path = named ?? '~/.oci/config';
  const text = readText === undefined ? null : textOf(path, env, readText);
  if (text === null) {
    if (profile === null && named === null) return null;
    throw new UnresolvedDeployment(`The configuration file ${path} of Oracle Cloud cannot be read.`, { param: 'oci_profile' });
  }
  const profiles = profilesIn(text);
  const found = profiles.get(profile ?? USUAL_PROFILE);
  if (found === undefined && profile !== null)
    throw new UnresolvedDeployment(`The configuration file ${path} of Oracle Cloud has no profile "${profile}".`, { param: 'oci_profile' });
  return { ...profiles.get(USUAL_PROFILE), ...found };
}

/** A path as people write it, with `~` for the home folder. */
export function pathOf(path: string, env: Environment): string {
  return path.replace(/^~(?=\/|$)/, firstSet(env, ['HOME']) ?? '~');
}

function textOf(path: string, env: Environment, readText: (path: string) => string): string | null {
  try {
    return readText(pathOf(path, env));
  } catch {
    return null;
  }
}

function profilesIn(text: string): ReadonlyMap<string, Profile> {
  const profiles = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim();
    const [, key, value = ''] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      current = {};
      profiles.set(name, current);
    } else if (key !== undefined) current[key] = value;
  }
  return profiles;
}
