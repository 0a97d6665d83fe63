/**
 * `npm run bench`: measures the built gateway against the bars of docs/benchmarks.md and exits with 1 when one is missed.
 *
 * Options: --only P1,P3   measures these alone
 *          --bridge       with Home Assistant's integration connected, which takes what is pushed
 *          --quick        fewer rounds, for a look while something is changed
 *          --prof DIR     writes a CPU profile of the gateway there
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FakeCore, readyBridge } from '../test/homeassistant/fake-core.ts';
import { lists } from './bars/lists.ts';
import { overload } from './bars/overload.ts';
import { addedLatency, largeBodies, sameDialect, translated } from './bars/plain-calls.ts';
import { panelFirstLoad } from './bars/panel.ts';
import { spendRows } from './bars/spend-rows.ts';
import { idleMemory, startTimes } from './bars/standing.ts';
import { floodStreams, pacedStreams } from './bars/streams.ts';
import { BenchGateway } from './rig/gateway.ts';
import { freePort, listening, Processes } from './rig/processes.ts';
import { printTable, reportOf } from './rig/report.ts';
import { FLOOD_EVENTS, INTERVAL_US, KEYS, type Rig, type Server, type Verdict } from './rig/rig.ts';
import { writeWires } from './rig/stream-wires.ts';
import { compileStreams, ensureTools } from './rig/tools.ts';
import { startUpstream } from './rig/upstream.ts';

/** In this order: what looks at a resting server comes before the load. */
const BARS: readonly { readonly id: string; readonly run: (rig: Rig) => Promise<Verdict[]> | Verdict[] }[] = [
  { id: 'P7', run: startTimes },
  { id: 'P12', run: panelFirstLoad },
  { id: 'P6', run: idleMemory },
  { id: 'P1', run: sameDialect },
  { id: 'P2', run: addedLatency },
  { id: 'P3', run: largeBodies },
  { id: 'P4', run: translated },
  { id: 'P5', run: pacedStreams },
  { id: 'P5', run: floodStreams },
  { id: 'P9', run: overload },
  { id: 'P10', run: spendRows },
  // The last: it fills the store.
  { id: 'P11', run: lists },
];

const ROOT = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    bridge: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    prof: { type: 'string' },
  },
});
const wanted = new Set(options.only?.toUpperCase().split(',') ?? BARS.map(({ id }) => id));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const processes = new Processes();
const core = new FakeCore(readyBridge());
const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleared().then(() => process.exit(130)));

try {
  ensureTools(say);
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), '--if-stale'], { stdio: 'inherit' });
  const rig = await rigUp();
  const verdicts: Verdict[] = [];
  for (const bar of BARS) {
    if (!wanted.has(bar.id)) continue;
    for (const verdict of await verdictsOf(bar, rig)) {
      verdicts.push(verdict);
      say(`${verdict.passed ? 'met   ' : 'MISSED'} ${verdict.id.padEnd(4)} ${verdict.what}: ${verdict.measured}`);
    }
  }
  if (options.bridge) {
    const verdict = bridgeVerdict();
    verdicts.push(verdict);
    say(`${verdict.passed ? 'met   ' : 'MISSED'} ${verdict.what}: ${verdict.measured}`);
  }
  printTable(verdicts, say);
  const results = join(ROOT, '.cache', 'bench');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'results.json'), JSON.stringify(reportOf(verdicts), null, 2));
  say('Written to .cache/bench/results.json');
  process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
} finally {
  await cleared();
}

/** The other figures say nothing of a bridge that never was there. */
function bridgeVerdict(): Verdict {
  const pushes = core.commands.filter(({ type }) => type === 'llm_gateway/push');
  const full = pushes.filter(({ kind }) => kind === 'full').length;
  return {
    id: '',
    what: 'Home Assistant was told meanwhile',
    measured: `${pushes.length} pushes, ${full} of them whole`,
    bar: 'at least 2',
    passed: pushes.length >= 2,
    figures: { pushes: pushes.length },
  };
}

/** A bar that could not be measured is missed; the others are measured all the same. */
async function verdictsOf({ id, run }: (typeof BARS)[number], rig: Rig): Promise<Verdict[]> {
  try {
    return await run(rig);
  } catch (error) {
    return [
      {
        id,
        what: 'could not be measured',
        measured: error instanceof Error ? error.message : String(error),
        bar: '',
        passed: false,
        figures: {},
      },
    ];
  }
}

/** Upstreams and relays, and the gateway: started empty, filled with keys, started again. */
async function rigUp(): Promise<Rig> {
  const program = await compileStreams(folder);
  const upstreamPort = await startUpstream(processes, folder);
  const streamPort = await freePort();
  processes.start(1, program, ['upstream', String(streamPort), String(FLOOD_EVENTS), String(INTERVAL_US), await writeWires(folder)]);
  await listening(streamPort);
  if (options.bridge) await core.start();
  const gateway = new BenchGateway({
    processes,
    folder,
    startScript: join(ROOT, 'scripts', 'start.sh'),
    upstreams: { fixed: upstreamPort, streams: streamPort },
    nodeOptions: options.prof === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.prof}`],
    variables: options.bridge ? core.env : {},
  });
  const firstMs = await gateway.start();
  await gateway.stop();
  await gateway.seedKeys(KEYS);
  const laterMs: number[] = [];
  for (let start = 0; start < (wanted.has('P7') ? 3 : 1); start++) {
    await gateway.stop();
    laterMs.push(await gateway.start());
  }
  const [relay, streamRelay] = [await startRelay(upstreamPort), await startRelay(streamPort)];
  return {
    folder,
    gateway,
    relay,
    streamRelay,
    upstreamPort,
    streams: { program, port: streamPort },
    say,
    quick: options.quick,
    starts: { firstMs, laterMs },
  };
}

async function startRelay(upstream: number): Promise<Server> {
  const port = await freePort();
  const child = processes.start(0, process.execPath, [
    join(import.meta.dirname, 'bare-relay.ts'),
    String(port),
    `http://127.0.0.1:${upstream}`,
  ]);
  await listening(port);
  return { port, pid: child.pid ?? 0 };
}

async function cleared(): Promise<void> {
  await processes.stopAll();
  await core.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
