import { percent } from '../rig/compare.ts';
import { least, mean, measured, type Use } from '../rig/measured.ts';
import { runOnLoadCore } from '../rig/processes.ts';
import { FLOOD_EVENTS, INTERVAL_US, PACED_EVENTS, type Rig, type Server, type Verdict } from '../rig/rig.ts';

/** What the stream client tells; times in microseconds, delays from the writing of an event to its arrival. */
interface StreamRun {
  readonly streams: number;
  readonly complete: number;
  readonly failed: number;
  readonly unfinished: number;
  readonly events: number;
  readonly lost: number;
  readonly late: number;
  readonly firstP50Us: number;
  readonly firstP99Us: number;
  readonly delayP50Us: number;
  readonly delayP99Us: number;
  readonly delayMaxUs: number;
}

const LATE_US = 10 * INTERVAL_US;
const MOST_ADDED_US = 5000;
const MOST_CPU_US = 25;
const MOST_FLOOD_RATIO = 1.7;
const ROUNDS = 3;

async function read(rig: Rig, port: number, kind: 'paced' | 'flood', streams: number, seconds: number): Promise<StreamRun> {
  const events = kind === 'paced' ? PACED_EVENTS : FLOOD_EVENTS;
  const args = ['client', port, `/${kind}/chat/completions`, streams, events, LATE_US, seconds, rig.gateway.key, `bench-${kind}`].map(
    String,
  );
  // The gateway has one path for every model; the relay and the upstream take any.
  if (port === rig.gateway.port) args[2] = '/v1/chat/completions';
  return JSON.parse(await runOnLoadCore(rig.streams.program, args)) as StreamRun;
}

/** P5, paced: 400 streams of 50 tokens a second; fewer where the direct way already loses frames or is late. */
export async function pacedStreams(rig: Rig): Promise<Verdict[]> {
  let streams = 400;
  let direct = await read(rig, rig.streams.port, 'paced', streams, 0);
  while (streams > 50 && isBroken(direct)) {
    streams /= 2;
    direct = await read(rig, rig.streams.port, 'paced', streams, 0);
  }
  const runs: { run: StreamRun; use: Use; direct: StreamRun }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) direct = await read(rig, rig.streams.port, 'paced', streams, 0);
    const { result, use } = await measured(rig.gateway.pid, () => read(rig, rig.gateway.port, 'paced', streams, 0));
    runs.push({ run: result, use, direct });
  }
  const relay = await measured(rig.streamRelay.pid, () => read(rig, rig.streamRelay.port, 'paced', streams, 0));
  const perChunk = least(runs.map(({ run, use }) => use.cpuUs / run.events));
  const relayPerChunk = relay.use.cpuUs / relay.result.events;
  const [lost, late] = [Math.max(...runs.map(({ run }) => run.lost + run.failed + run.unfinished)), least(runs.map(({ run }) => run.late))];
  const addedUs = least(runs.map((one) => one.run.firstP99Us)) - least(runs.map((one) => one.direct.firstP99Us));
  const foreign = mean(runs.map(({ use }) => use.foreign));
  return [
    {
      id: 'P5',
      what: `${streams} streams of 50 events/s`,
      measured: `CPU ${perChunk.toFixed(1)} µs a chunk (relay ${relayPerChunk.toFixed(1)}), ${lost} lost, ${late} late, first token p99 +${(addedUs / 1000).toFixed(1)} ms`,
      bar: `<= ${MOST_CPU_US} µs, 0 lost, 0 late, <= +5 ms`,
      passed: perChunk <= MOST_CPU_US && lost === 0 && late === 0 && addedUs <= MOST_ADDED_US,
      ...(foreign > 0.1 ? { note: `${percent(foreign)} of the measured core taken by others: delays are theirs too` } : {}),
      figures: {
        streams, perChunkUs: perChunk, relayPerChunkUs: relayPerChunk, lost, late, firstAddedP99Us: addedUs, foreign,
        delayP99Us: least(runs.map(({ run }) => run.delayP99Us)), directDelayP99Us: least(runs.map((one) => one.direct.delayP99Us)),
      }, // prettier-ignore
    },
  ];
}

function isBroken({ lost, late, failed, unfinished }: StreamRun): boolean {
  return lost > 0 || late > 0 || failed > 0 || unfinished > 0;
}

/** P5, unpaced: 32 streams whose events come as fast as they are taken. */
export async function floodStreams(rig: Rig): Promise<Verdict[]> {
  const sides: { relay: number[]; gateway: number[] } = { relay: [], gateway: [] };
  const ask = async (server: Server): Promise<number> => {
    const { result, use } = await measured(server.pid, () => read(rig, server.port, 'flood', 32, 3));
    if (result.lost > 0 || result.failed > 0)
      throw new Error(`streams broke: ${result.lost} events lost, ${result.failed} connections failed`);
    return use.cpuUs / result.events;
  };
  // The first round of each is for the compiler.
  for (const server of [rig.streamRelay, rig.gateway]) await ask(server);
  for (let round = 0; round < ROUNDS; round++) {
    sides.relay.push(await ask(rig.streamRelay));
    sides.gateway.push(await ask(rig.gateway));
  }
  const [relayUs, gatewayUs] = [least(sides.relay), least(sides.gateway)];
  return [
    {
      id: 'P5',
      what: '32 streams, unpaced',
      measured: `CPU ${gatewayUs.toFixed(2)} µs an event by ${relayUs.toFixed(2)} µs = ${(gatewayUs / relayUs).toFixed(2)}x`,
      bar: `<= ${MOST_FLOOD_RATIO}x`,
      passed: gatewayUs / relayUs <= MOST_FLOOD_RATIO,
      figures: { relayUs, gatewayUs, ratio: gatewayUs / relayUs },
    },
  ];
}
