/**
 * What an event of a stream costs of our own work, from the provider's bytes to the client's, without sockets and HTTP: every
 * client before every kind of provider, through the whole gateway.
 *
 *     node bench/exchange/stream.ts [--streams N] [--events N] [--read N] [--only client/wire]
 *
 * `--read`: events that come in one read. Prints microseconds of CPU an event, the least of three rounds.
 */
import { parseArgs } from 'node:util';
import { CLIENTS, type ClientName } from '../rig/stream-clients.ts';
import { STREAM_WIRES, STREAMED } from '../rig/stream-wires.ts';
import { InProcess, type MemoryAnswer } from './in-process.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '600' },
    events: { type: 'string', default: '300' },
    read: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
  },
});
const [STREAMS, EVENTS, READ] = [Number(values.streams), Number(values.events), Number(values.read)];

const CONFIGURATION = `model_list:${Object.entries(STREAMED)
  .map(
    ([wire, { upstream, path }]) => `
  - model_name: ${wire}
    litellm_params: { model: ${upstream}, api_base: 'http://127.0.0.1:9/${wire}${path}', api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.00000015, output_cost_per_token: 0.0000006 }`,
  )
  .join('')}
`;

function answerOf(wire: string): MemoryAnswer {
  const { type = '', opening = '', event = '', closing = '' } = STREAM_WIRES[wire] ?? {};
  const events = Array.from({ length: EVENTS }, (_, at) => event.replace('{stamp}', `@${1_760_000_000_000 + at} word `));
  const reads = Array.from({ length: Math.ceil(EVENTS / READ) }, (_, at) => events.slice(at * READ, (at + 1) * READ).join(''));
  return { type, pieces: [opening, ...reads, closing].map((text) => Buffer.from(text)) };
}

const answers = new Map(Object.keys(STREAM_WIRES).map((wire) => [wire, answerOf(wire)]));
const NONE: MemoryAnswer = { type: '', pieces: [] };
const gateway = await InProcess.start(CONFIGURATION, ({ path }) => answers.get(path.split('/')[1] ?? '') ?? NONE);

async function cost(client: ClientName, wire: string): Promise<number> {
  const { path, asked } = CLIENTS[client];
  const request = { path: path.replace('{model}', wire), body: Buffer.from(JSON.stringify(asked(wire))) };
  await gateway.run(STREAMS / 4, request);
  const rounds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const cpu = process.cpuUsage();
    await gateway.run(STREAMS, request);
    const used = process.cpuUsage(cpu);
    rounds.push((used.user + used.system) / STREAMS / EVENTS);
  }
  return Math.min(...rounds);
}

const wires = Object.keys(STREAMED);
console.log(`${'µs an event'.padEnd(12)}${wires.map((wire) => wire.padStart(11)).join('')}`);
for (const client of Object.keys(CLIENTS) as ClientName[]) {
  const costs: string[] = [];
  for (const wire of wires) {
    if (values.only !== '' && values.only !== `${client}/${wire}`) costs.push('');
    else costs.push((await cost(client, wire)).toFixed(2));
  }
  console.log(client.padEnd(12) + costs.map((text) => text.padStart(11)).join(''));
}
await gateway.stop();
process.exit();
