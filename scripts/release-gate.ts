/**
 * `node scripts/release-gate.ts TAG OWNER/REPOSITORY`: whether a tag may be released. Prints `version=X.Y.Z` for the steps that follow, or
 * what is wrong, one line each.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');

/** The texts that a release looks at. */
export interface ReleaseTexts {
  readonly package: string;
  readonly config: string;
  readonly manifest: string;
  readonly changelog: string;
  readonly repository: string;
}

export function releaseTexts(): ReleaseTexts {
  const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
  return {
    package: text('package.json'),
    config: text('addon/config.yaml'),
    manifest: text('custom_components_bridge/custom_components/llm_gateway/manifest.json'),
    changelog: text('addon/CHANGELOG.md'),
    repository: text('repository.yaml'),
  };
}

/**
 * What stands against releasing. App, integration and package have one version; names of the owner are those of the repository that
 * publishes, since an installation pulls what they name.
 *
 * @param tag such as `v0.1.0`
 * @param repository `owner/name` of GitHub
 */
export function troublesOf(tag: string, repository: string, texts: ReleaseTexts): string[] {
  const version = tag.replace(/^v/, '');
  const owner = repository.split('/')[0] ?? '';
  const config = parse(texts.config) as { version: string; image?: string; url: string };
  const manifest = JSON.parse(texts.manifest) as { version: string; documentation: string };
  const is = (what: string, found: unknown, wanted: unknown) =>
    found === wanted ? [] : [`${what} is ${String(found)}, not ${String(wanted)}`];
  return [
    ...is('version of package.json', (JSON.parse(texts.package) as { version: string }).version, version),
    ...is('version of addon/config.yaml', config.version, version),
    ...is("version of the integration's manifest.json", manifest.version, version),
    ...is('newest heading of addon/CHANGELOG.md', /^## (.+)$/m.exec(texts.changelog)?.[1], version),
    ...is('image of addon/config.yaml', config.image, `ghcr.io/${owner.toLowerCase()}/llm-gateway`),
    ...[config.url, (parse(texts.repository) as { url: string }).url, manifest.documentation].flatMap((url) =>
      url.startsWith(`https://github.com/${owner}/`) ? [] : [`${url} is not of ${owner}`],
    ),
  ];
}

if (import.meta.main) {
  const [tag = '', repository = ''] = process.argv.slice(2);
  const troubles = troublesOf(tag, repository, releaseTexts());
  if (troubles.length === 0) process.stdout.write(`version=${tag.replace(/^v/, '')}\n`);
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  process.exitCode = troubles.length === 0 ? 0 : 1;
}
