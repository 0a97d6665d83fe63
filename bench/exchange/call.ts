/**
 * What one call costs of our own work: everything from the parsed request to the answer's head and body, without sockets and
 * HTTP. The provider answers at once out of memory; PostgreSQL and the journal are real.
 *
 *     node --expose-gc bench/exchange/call.ts [--calls N] [--dialect openai|anthropic|ollama]
 *
 * Prints microseconds of CPU and bytes allocated for a call.
 */
import { parseArgs } from 'node:util';
import { ANSWERS } from '../rig/upstream.ts';
import { InProcess } from './in-process.ts';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '40000' }, dialect: { type: 'string', default: 'openai' } } });
const CALLS = Number(values.calls);

const MODELS = { openai: 'openai/bench-upstream', anthropic: 'anthropic/claude-sonnet-4-5', ollama: 'ollama_chat/bench-upstream' };
const CONFIGURATION = `model_list:
  - model_name: bench
    litellm_params: { model: ${MODELS[values.dialect as keyof typeof MODELS]}, api_base: 'http://127.0.0.1:9', api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.00000015, output_cost_per_token: 0.0000006 }
`;

const content = 'Tell me in two sentences what a gateway between programs and language models is good for. '.repeat(4);
const body = Buffer.from(
  JSON.stringify({
    model: 'bench',
    temperature: 0.7,
    max_tokens: 256,
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content },
    ],
  }),
);
const asked = { path: '/v1/chat/completions', body };

const gateway = await InProcess.start(CONFIGURATION, ({ path }) => ({
  type: 'application/json',
  pieces: [Buffer.from(JSON.stringify(ANSWERS[path] ?? ANSWERS[`/v1${path}`]))],
}));

await gateway.run(CALLS / 2, asked);
for (let round = 0; round < 5; round++) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await gateway.run(CALLS, asked);
  const used = process.cpuUsage(cpu);
  console.log(
    `${((used.user + used.system) / CALLS).toFixed(1)} µs CPU, ${(((performance.now() - wall) * 1000) / CALLS).toFixed(1)} µs a call`,
  );
}
if (globalThis.gc) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await gateway.run(100, asked);
  console.log(`${Math.round((process.memoryUsage().heapUsed - before) / 100 / 100) / 10} kB allocated a call`);
}
await gateway.stop();
process.exit();
