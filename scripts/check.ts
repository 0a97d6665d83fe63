/**
 * `npm run check`: types, lint, format, the folder graph, unused code, generated pages, Python. Prints one line a step and what a
 * failing step said; fails when anything fails.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

const ROOT = join(import.meta.dirname, '..');

interface Step {
  readonly name: string;
  /** What failed; null: nothing did. */
  readonly run: () => Promise<string | null>;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, args: readonly string[], cwd = ROOT): Promise<Ended> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => new Response(Readable.toWeb(stream) as ReadableStream).text());
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  child.on('error', reject);
  child.on(
    'close',
    (status) => void Promise.all([stdout, stderr]).then(([out = '', err = '']) => resolve({ status, stdout: out, stderr: err })),
  );
  return promise;
}

/** @returns what it said when it failed */
async function failureOf(name: string, command: string, args: readonly string[], cwd = ROOT): Promise<string | null> {
  const { status, stdout, stderr } = await ended(command, args, cwd);
  return status === 0 ? null : `${name}: ${stdout}${stderr}`;
}

/** Runs a program of node_modules. */
function program(name: string, ...args: readonly string[]): Promise<string | null> {
  return failureOf(name, binary(name), args);
}

const binary = (name: string): string => join(ROOT, 'node_modules/.bin', name);

/** What failed of things that follow one another. */
async function together(...failures: readonly (() => Promise<string | null>)[]): Promise<string | null> {
  const all: string[] = [];
  for (const run of failures) all.push((await run()) ?? '');
  return all.filter((failure) => failure !== '').join('\n') || null;
}

function sourcesIn(folder: string): number {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'),
  ).length;
}

/** A graph of nothing passes every rule: it must have seen every file (it sees none when it cannot read TypeScript). */
async function folderGraph(): Promise<string | null> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'panel/src'];
  const { status, stdout, stderr } = await ended(binary('depcruise'), args);
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
function generatedPages(): Promise<string | null> {
  const pages = ['configuration-page.ts', 'providers-page.ts', 'errors-page.ts', 'api-page.ts', 'app-texts.ts', 'bridge-texts.ts'];
  return together(...pages.map((name) => () => failureOf(name, process.execPath, [join('scripts', name), '--check'])));
}

async function python(): Promise<string | null> {
  const { ensurePython } = await import('./python-env.ts');
  const interpreter = await ensurePython(['ruff==0.14.6', 'mypy==1.18.2']);
  const run =
    (...args: readonly string[]) =>
    () =>
      failureOf(args[0] ?? '', interpreter, ['-m', ...args]);
  return together(
    run('ruff', 'check', 'scripts', 'test'),
    run('ruff', 'format', '--check', 'scripts', 'test'),
    run('mypy', '--strict', '--ignore-missing-imports', '--allow-subclassing-any', ...pythonFiles()),
  );
}

/** The integration's own Python, with the newest Core. */
async function bridge(): Promise<string | null> {
  const { ensureHomeAssistant } = await import('./python-home-assistant.ts');
  const { NoInterpreterError } = await import('./home-assistant/interpreter.ts');
  try {
    const interpreter = await ensureHomeAssistant('bridge-tests-newest');
    const run =
      (...args: readonly string[]) =>
      () =>
        failureOf(args[0] ?? '', interpreter, ['-m', ...args], join(ROOT, 'custom_components_bridge'));
    return await together(run('ruff', 'check'), run('ruff', 'format', '--check'), run('mypy'));
  } catch (error) {
    if (!(error instanceof NoInterpreterError)) throw error;
    // This machine cannot have that Python.
    console.log(`not run python of the integration: ${error.message}`);
    return null;
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
  {
    name: 'types of its tests',
    run: () => together(...['test/panel', 'test/panel/gallery'].map((folder) => () => program('tsc', '-p', folder))),
  },
  { name: 'lint', run: () => program('oxlint', '--quiet') },
  { name: 'format', run: () => program('oxfmt', '--check', 'src', 'panel', 'scripts', 'bench', 'test', 'translations') },
  { name: 'folder graph', run: folderGraph },
  { name: 'unused code', run: () => program('knip', '--no-progress') },
  { name: 'generated pages', run: generatedPages },
  { name: 'python', run: python },
  { name: 'python of the integration', run: bridge },
];

/** Takes the next step until none is left. @returns how many failed */
async function worker(steps: Iterator<Step>): Promise<number> {
  let failed = 0;
  for (let next = steps.next(); !next.done; next = steps.next()) {
    const failure = await next.value.run();
    console.log(`${failure === null ? 'ok    ' : 'FAILED'} ${next.value.name}`);
    if (failure === null) continue;
    failed++;
    console.log(failure);
  }
  return failed;
}

const steps = STEPS.values();
const failures = await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, () => worker(steps)));
process.exit(failures.every((failed) => failed === 0) ? 0 : 1);
