import { least, mean, measured, median, type Use } from './measured.ts';
import type { Rig, Server } from './rig.ts';
import { wrk, type WrkResult } from './wrk.ts';

export interface ComparePlan {
  /** Path and body at the relay and at the gateway. */
  readonly relay: { readonly path: string; readonly body: string };
  readonly gateway: { readonly path: string; readonly body: string };
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
}

export interface Side {
  readonly perSecond: number;
  /** CPU time per request, microseconds: the least of all rounds, for whatever else runs only adds to it. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface Comparison {
  readonly relay: Side;
  readonly gateway: Side;
  /** Gateway's requests per second by the relay's: median over rounds. */
  readonly rate: number;
  /** Gateway's CPU per request by the relay's. */
  readonly cpu: number;
  readonly loadCore: number;
  readonly foreign: number;
  /** Whether the machine was quiet enough for requests per second to mean something. */
  readonly quiet: boolean;
}

/** Above these a run is judged by CPU time alone. */
const BUSIEST_LOAD_CORE = 0.85;
const MOST_FOREIGN = 0.1;

/** Asks relay and gateway in turn, round after round. @throws when anything was answered with an error */
export async function compare(rig: Rig, plan: ComparePlan): Promise<Comparison> {
  const rounds: { relay: Round; gateway: Round }[] = [];
  await warm(rig, rig.relay, plan.relay, plan.connections);
  await warm(rig, rig.gateway, plan.gateway, plan.connections);
  const wanted = rig.quick ? Math.min(2, plan.rounds) : plan.rounds;
  for (let number = 0; number < wanted; number++) {
    const relay = await round(rig, rig.relay, plan.relay, plan.connections, plan.seconds);
    const gateway = await round(rig, rig.gateway, plan.gateway, plan.connections, plan.seconds);
    rounds.push({ relay, gateway });
  }
  const [relay, gateway] = [sideOf(rounds.map((pair) => pair.relay)), sideOf(rounds.map((pair) => pair.gateway))];
  const uses = rounds.flatMap((pair) => [pair.relay.use, pair.gateway.use]);
  const [loadCore, foreign] = [Math.max(...uses.map((use) => use.loadCore)), mean(uses.map((use) => use.foreign))];
  return {
    relay,
    gateway,
    rate: median(rounds.map((pair) => pair.gateway.result.perSecond / pair.relay.result.perSecond)),
    cpu: gateway.cpuUs / relay.cpuUs,
    loadCore,
    foreign,
    quiet: loadCore <= BUSIEST_LOAD_CORE && foreign <= MOST_FOREIGN,
  };
}

/** Calls after which the compiler has done most of what it will do, and how long to wait for them at most. */
const WARM_CALLS = 10_000;
const WARM_SECONDS = 6;

async function warm(rig: Rig, server: Server, shot: ComparePlan['relay'], connections: number): Promise<void> {
  let requests = 0;
  for (let seconds = 0; requests < WARM_CALLS && seconds < WARM_SECONDS; seconds += 2)
    requests += (await round(rig, server, shot, connections, 2)).result.requests;
}

interface Round {
  readonly result: WrkResult;
  readonly use: Use;
}

async function round(rig: Rig, server: Server, shot: ComparePlan['relay'], connections: number, seconds: number): Promise<Round> {
  const run = await measured(server.pid, () => wrk(rig.folder, { port: server.port, key: rig.gateway.key, ...shot }, connections, seconds));
  if (run.result.errors > 0) throw new Error(`${run.result.errors} of ${run.result.requests} requests at ${shot.path} failed`);
  return run;
}

function sideOf(rounds: readonly Round[]): Side {
  return {
    perSecond: median(rounds.map(({ result }) => result.perSecond)),
    cpuUs: least(rounds.map(({ result, use }) => use.cpuUs / result.requests)),
    p50Us: least(rounds.map(({ result }) => result.p50Us)),
    p99Us: least(rounds.map(({ result }) => result.p99Us)),
  };
}

/** The rate where it means something, else what the CPU times say it would be on a core of its own. */
export function rateOf(comparison: Comparison): number {
  return comparison.quiet ? comparison.rate : 1 / comparison.cpu;
}

/** A comparison's numbers, for the file. */
export function figuresOf({ relay, gateway, rate, cpu, loadCore, foreign }: Comparison): Record<string, number> {
  return {
    relayPerSecond: relay.perSecond, gatewayPerSecond: gateway.perSecond, relayCpuUs: relay.cpuUs, gatewayCpuUs: gateway.cpuUs,
    relayP50Us: relay.p50Us, relayP99Us: relay.p99Us, gatewayP50Us: gateway.p50Us, gatewayP99Us: gateway.p99Us, rate, cpu, loadCore, foreign,
  }; // prettier-ignore
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function noteOf(comparison: Comparison): { readonly note: string } | Record<string, never> {
  if (comparison.quiet) return {};
  return {
    note: `judged by CPU time: load core ${percent(comparison.loadCore)} busy, ${percent(comparison.foreign)} of the measured core taken by others`,
  };
}
