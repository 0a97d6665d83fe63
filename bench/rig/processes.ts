import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is measured runs on core 0; load, upstream and PostgreSQL on core 1. */
export type Core = 0 | 1;

/** One tick of `/proc`, microseconds. */
const TICK_US = 10_000;

/** Every process the bench started; they end with it. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  /** Starts a program on one core. Its complaints are shown when it dies by itself. */
  start(core: Core, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    const child = spawn('taskset', ['-c', String(core), command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#running.add(child);
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => lines.splice(0, Math.max(0, lines.push(text.toString()) - 20)));
    child.once('exit', (code) => {
      if (this.#running.delete(child) && code !== 0) process.stderr.write(`${command} ended with ${String(code)}:\n${lines.join('')}\n`);
    });
    return child;
  }

  /** Ends one process: first politely, after `graceMs` for certain. */
  async stop(child: ChildProcess, graceMs = 45_000): Promise<void> {
    if (!this.#running.delete(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(late);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.stop(child)));
  }
}

/** Runs a program on core 1 to its end. @returns what it printed */
export async function runOnLoadCore(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('taskset', ['-c', '1', command, ...args], { maxBuffer: 10_000_000, timeout: 120_000 });
  return stdout;
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Resolves when something listens. @throws after `withinMs` */
export async function listening(port: number, withinMs = 20_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(10)) {
    const socket = connect(port, '127.0.0.1');
    const answered = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    if (answered) return;
  }
  throw new Error(`nothing listens at port ${port}`);
}

/** CPU time a process has used in all its threads, microseconds. */
export function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** CPU time of a core so far, microseconds. */
export function coreUse(core: Core): { readonly busyUs: number; readonly totalUs: number } {
  const line =
    readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .find((text) => text.startsWith(`cpu${core} `)) ?? '';
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { busyUs: (total - (ticks[3] ?? 0) - (ticks[4] ?? 0)) * TICK_US, totalUs: total * TICK_US };
}

/** Memory of a process, megabytes: what it has mapped, and its fair share of it. */
export function memoryOf(pid: number): { readonly rss: number; readonly pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? NaN) / 1024;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
}

/** A process and all below it. */
export function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name): (readonly [number, number])[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    } catch {
      return []; // ended meanwhile
    }
  });
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

/** Moves running processes to a core; what they start later follows. */
export async function pin(core: Core, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run('taskset', ['-acp', String(core), String(pid)]).catch(() => undefined);
}
