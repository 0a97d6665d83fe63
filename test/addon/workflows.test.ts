import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { releaseTexts, troublesOf } from '../../scripts/release-gate.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['.github/workflows', 'custom_components_bridge/.github/workflows'];

const level = z.enum(['read', 'write', 'none']);
const Permissions = z.strictObject({ contents: level.optional(), packages: level.optional(), 'id-token': level.optional() });

const named = {
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
};
const Step = z.union([
  z.strictObject({ ...named, uses: z.string(), with: z.record(z.string(), z.union([z.string(), z.number()])).optional() }),
  z.strictObject({ ...named, run: z.string() }),
]);

const Job = z.strictObject({
  name: z.string(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  'runs-on': z.string(),
  'timeout-minutes': z.int().positive(),
  permissions: Permissions.optional(),
  outputs: z.record(z.string(), z.string()).optional(),
  strategy: z.strictObject({ 'fail-fast': z.boolean(), matrix: z.string() }).optional(),
  steps: z.array(Step).min(1),
});
type Job = z.infer<typeof Job>;

/** What matters of GitHub's form, and of ours: least rights, an end to every job. */
const Workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  jobs: z.record(z.string(), Job),
});

const files = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)));
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const workflow = (file: string) => Workflow.parse(parse(textOf(file)));
const needsOf = ({ needs = [] }: Job): string[] => (typeof needs === 'string' ? [needs] : needs);

describe.each(files)('%s', (file) => {
  const { jobs } = workflow(file);

  test('waits only for jobs that there are, and asks only those that it waits for', () => {
    for (const job of Object.values(jobs)) {
      expect(Object.keys(jobs)).toEqual(expect.arrayContaining(needsOf(job)));
      const asked = [...JSON.stringify(job).matchAll(/needs\.(\w+)\.outputs\.(\w+)/g)];
      for (const [, name = '', output = ''] of asked) {
        expect(needsOf(job)).toContain(name);
        expect(Object.keys(jobs[name]?.outputs ?? {})).toContain(output);
      }
    }
  });

  test('uses actions of a fixed version; hassfest has none', () => {
    for (const { steps } of Object.values(jobs))
      for (const step of steps)
        if ('uses' in step && step.uses !== 'home-assistant/actions/hassfest@master')
          expect(step.uses).toMatch(/@(?:v?\d+(?:\.\d+)*|[0-9a-f]{40})$/);
  });

  test('puts nothing of an event into a script', () => {
    for (const { steps } of Object.values(jobs)) for (const step of steps) if ('run' in step) expect(step.run).not.toContain('${{');
  });
});

describe('the release', () => {
  const { jobs, env } = workflow('.github/workflows/release.yml');
  const after = (name: string): string[] => {
    const job = jobs[name];
    return job ? needsOf(job).flatMap((each) => [each, ...after(each)]) : [];
  };

  test('offers a version only after its image can be pulled, and builds only what passed', () => {
    expect(after('publish')).toEqual(expect.arrayContaining(['manifest', 'build', 'gate']));
    expect(after('bridge')).toContain('manifest');
    expect(after('build')).toContain('gate');
    expect(JSON.stringify(jobs['gate'])).toContain('.ci/run');
  });

  test('builds for the architectures of addon/config.yaml, under its image', () => {
    const config = parse(textOf('addon/config.yaml')) as { arch: string[]; image: string };
    expect((JSON.parse(env?.['ARCHITECTURES'] ?? '[]') as string[]).toSorted()).toEqual(config.arch.toSorted());
    expect(config.image.split('/').at(-1)).toBe(env?.['IMAGE_NAME']);
  });

  test('starts each image before it gets its name', () => {
    const steps = jobs['build']?.steps.map((step) => ('run' in step ? step.run : step.uses)) ?? [];
    expect(steps.at(-1)).toContain('docker run');
    expect(steps.at(-1)).toContain('State.ExitCode');
  });
});

describe('the gate of a release', () => {
  const texts = releaseTexts();
  const owned = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replaceAll('OWNER', 'Somebody').replaceAll('/owner/', '/somebody/')]),
  ) as unknown as typeof texts;
  const tag = `v${packageJson.version}`;

  test('opens when versions, changelog and names agree', () => {
    expect(troublesOf(tag, 'Somebody/llm-gateway', owned)).toEqual([]);
  });

  test('stays shut for another version, and says where', () => {
    expect(troublesOf('v9.0.0', 'Somebody/llm-gateway', owned)).toEqual([
      `version of package.json is ${packageJson.version}, not 9.0.0`,
      `version of addon/config.yaml is ${packageJson.version}, not 9.0.0`,
      `version of the integration's manifest.json is ${packageJson.version}, not 9.0.0`,
      `newest heading of addon/CHANGELOG.md is ${packageJson.version}, not 9.0.0`,
    ]);
  });

  test('stays shut while files name another owner: installations would pull an image of somebody else', () => {
    const troubles = troublesOf(tag, 'Else/llm-gateway', owned).join('\n');
    expect(troubles).toContain('image of addon/config.yaml is ghcr.io/somebody/llm-gateway, not ghcr.io/else/llm-gateway');
    expect(troubles).toContain('https://github.com/Somebody/llm-gateway is not of Else');
  });
});
