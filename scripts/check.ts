/**
 * `npm run check`: types, lint, format, the folder graph, unused code, generated pages, Python. Prints one line a step and what a
 * failing step said; fails when anything fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Step {
  readonly name: string;
  readonly run: () => string | null;
}

/** Runs a program of node_modules. @returns what it said when it failed */
function program(name: string, ...args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', name), args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? null : `${stdout}${stderr}`;
}

function sourcesIn(folder: string): number {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'),
  ).length;
}

/** A graph of nothing passes every rule: it must have seen every file (it sees none when it cannot read TypeScript). */
function folderGraph(): string | null {
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/depcruise'),
    ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'panel/src'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const graph = JSON.parse(stdout) as {
    modules: { source: string }[];
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  const seen = graph.modules.filter(
    ({ source }) => /^(panel\/)?src\//.test(source) && source.endsWith('.ts') && !source.endsWith('.d.ts'),
  ).length;
  const files = sourcesIn('src') + sourcesIn('panel/src');
  if (seen < files) return `only ${seen} of ${files} files were seen: ${stderr}`;
  if (status === 0 && graph.summary.violations.length === 0) return null;
  return graph.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).join('\n');
}

/** Pages made from the code must be the ones that are committed. */
function generatedPages(): string | null {
  const pages = ['configuration-page.ts', 'providers-page.ts', 'errors-page.ts', 'api-page.ts', 'app-texts.ts', 'bridge-texts.ts'].filter(
    (name) => existsSync(join(ROOT, 'scripts', name)),
  );
  const failures = pages.map((name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', name), '--check'], { cwd: ROOT, encoding: 'utf8' });
    return status === 0 ? null : `${name}: ${stdout}${stderr}`;
  });
  return failures.filter((failure) => failure !== null).join('\n') || null;
}

async function python(): Promise<string | null> {
  const { ensurePython } = await import('./python-env.ts');
  const interpreter = await ensurePython(['ruff==0.14.6', 'mypy==1.18.2']);
  const results = [
    ['ruff', 'check', 'scripts', 'test'],
    ['ruff', 'format', '--check', 'scripts', 'test'],
    ['mypy', '--strict', '--ignore-missing-imports', '--allow-subclassing-any', ...pythonFiles()],
  ].map(([name, ...args]) => {
    const { status, stdout, stderr } = spawnSync(interpreter, ['-m', name ?? '', ...args], { cwd: ROOT, encoding: 'utf8' });
    return status === 0 ? null : `${name}: ${stdout}${stderr}`;
  });
  return results.filter((result) => result !== null).join('\n') || null;
}

/** The integration's own Python, with the newest Core. @returns what failed; a reason when this machine cannot have that Python */
async function bridge(): Promise<{ readonly failure: string | null } | { readonly reason: string }> {
  const { ensureHomeAssistant } = await import('./python-home-assistant.ts');
  const { NoInterpreterError } = await import('./home-assistant/interpreter.ts');
  try {
    const interpreter = await ensureHomeAssistant('bridge-tests-newest');
    const results = [['ruff', 'check'], ['ruff', 'format', '--check'], ['mypy']].map(([name = '', ...args]) => {
      const cwd = join(ROOT, 'custom_components_bridge');
      const { status, stdout, stderr } = spawnSync(interpreter, ['-m', name, ...args], { cwd, encoding: 'utf8' });
      return status === 0 ? null : `${name}: ${stdout}${stderr}`;
    });
    return { failure: results.filter((result) => result !== null).join('\n') || null };
  } catch (error) {
    if (error instanceof NoInterpreterError) return { reason: error.message };
    throw error;
  }
}

function pythonFiles(): string[] {
  return ['scripts', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

const STEPS: readonly Step[] = [
  { name: 'types', run: () => program('tsc', '-p', '.') },
  { name: 'types of the panel', run: () => program('tsc', '-p', 'panel') },
  { name: 'types of its tests', run: () => program('tsc', '-p', 'test/panel') ?? program('tsc', '-p', 'test/panel/gallery') },
  { name: 'lint', run: () => program('oxlint', '--quiet') },
  { name: 'format', run: () => program('oxfmt', '--check', 'src', 'panel', 'scripts', 'bench', 'test', 'translations') },
  { name: 'folder graph', run: folderGraph },
  { name: 'unused code', run: () => program('knip', '--no-progress') },
  { name: 'generated pages', run: generatedPages },
];

let failed = 0;
for (const { name, run } of STEPS) report(name, run());
if (pythonFiles().length > 0) report('python', await python());
const checked = await bridge();
if ('reason' in checked) console.log(`not run python of the integration: ${checked.reason}`);
else report('python of the integration', checked.failure);
process.exit(failed === 0 ? 0 : 1);

function report(name: string, failure: string | null): void {
  console.log(`${failure === null ? 'ok    ' : 'FAILED'} ${name}`);
  if (failure === null) return;
  failed++;
  console.log(failure);
}
