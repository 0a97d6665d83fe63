/**
 * What one call costs of our own work: everything from the parsed request to the answer's head and body, without sockets and
 * HTTP. The provider answers at once out of memory; PostgreSQL and the journal are real.
 *
 *     node --expose-gc bench/exchange/call.ts [--calls N] [--dialect openai|anthropic|ollama]
 *
 * Prints microseconds of CPU and bytes allocated for a call.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { usdOf } from '../../src/core/money.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveSecrets } from '../../src/config/secrets.ts';
import type { UpstreamRequest } from '../../src/providers/transport/transport.ts';
import { Deadlines } from '../../src/providers/transport/deadlines.ts';
import { UpstreamExchange } from '../../src/providers/transport/upstream-exchange.ts';
import { compose } from '../../src/server/compose.ts';
import { Gateway } from '../../src/server/gateway.ts';
import { createLog } from '../../src/server/log.ts';
import { ANSWERS } from '../rig/upstream.ts';
import { startOptions } from '../../test/support/start-options.ts';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '40000' }, dialect: { type: 'string', default: 'openai' } } });
const CALLS = Number(values.calls);
/** Calls under way at a time. */
const LANES = 32;

const MODELS = { openai: 'openai/bench-upstream', anthropic: 'anthropic/claude-sonnet-4-5', ollama: 'ollama_chat/bench-upstream' };
const CONFIGURATION = `model_list:
  - model_name: bench
    litellm_params: { model: ${MODELS[values.dialect as keyof typeof MODELS]}, api_base: 'http://127.0.0.1:9', api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.00000015, output_cost_per_token: 0.0000006 }
`;

const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const { gateway, parts } = await started(folder);
const { text: key } = await parts.keys.create(null, { maxBudget: usdOf('1000000'), rpmLimit: 1e9, tpmLimit: 1e12 }, null);

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

const deadlines = new Deadlines(parts.clock);
const controller = { aborted: false, paused: false, reason: null, abort: () => {}, pause: () => {}, resume: () => {} } as never;
/** Answers that are due, so that they come in turns of their own as they do from sockets. */
const due: (() => void)[] = [];
Object.assign(parts.transport, {
  send(request: UpstreamRequest): UpstreamExchange {
    const exchange = new UpstreamExchange(request.timeouts, deadlines, parts.clock.elapsed);
    const answer = Buffer.from(JSON.stringify(ANSWERS[request.path] ?? ANSWERS[`/v1${request.path}`]));
    exchange.onRequestStart(controller);
    due.push(() => {
      exchange.onResponseStart(controller, 200, {
        server: 'nginx/1.22.1',
        date: 'Thu, 26 Nov 2026 03:44:20 GMT',
        'content-type': 'application/json',
        'content-length': String(answer.length),
        connection: 'keep-alive',
      });
      exchange.onResponseData(controller, answer);
      exchange.onResponseEnd();
    });
    if (due.length === 1) setImmediate(answerAll);
    return exchange;
  },
});

function answerAll(): void {
  for (const answer of due.splice(0)) answer();
}

class FakeRequest extends EventEmitter {
  readonly method = 'POST';
  readonly url = '/v1/chat/completions';
  readonly httpVersionMinor = 1;
  readonly socket = { remoteAddress: '127.0.0.1' };
  readonly readableEnded = true;
  readonly headers = {
    host: '127.0.0.1:4000',
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    'content-length': String(body.length),
  };
}

class FakeResponse extends EventEmitter {
  headersSent = false;
  writableFinished = false;
  destroyed = false;
  status = 0;
  readonly #done: () => void;

  constructor(done: () => void) {
    super();
    this.#done = done;
  }

  writeHead(status: number): this {
    this.status = status;
    this.headersSent = true;
    return this;
  }

  end(): void {
    if (this.status !== 200) throw new Error(`answered with ${this.status}`);
    this.writableFinished = true;
    this.emit('close');
    this.#done();
  }
}

/** Makes `count` calls, {@link LANES} at a time. */
function run(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let [begun, ended] = [0, 0];
  const next = (): void => {
    if (begun >= count) return;
    begun++;
    const request = new FakeRequest();
    const response = new FakeResponse(() => {
      ended++;
      if (ended === count) resolve();
      else setImmediate(next);
    });
    parts.dispatcher.handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    request.emit('data', body);
    request.emit('end');
  };
  for (let lane = 0; lane < LANES; lane++) next();
  return promise;
}

await run(CALLS / 2);
for (let round = 0; round < 5; round++) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await run(CALLS);
  const used = process.cpuUsage(cpu);
  console.log(
    `${((used.user + used.system) / CALLS).toFixed(1)} µs CPU, ${(((performance.now() - wall) * 1000) / CALLS).toFixed(1)} µs a call`,
  );
}
if (globalThis.gc) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await run(100);
  console.log(`${Math.round((process.memoryUsage().heapUsed - before) / 100 / 100) / 10} kB allocated a call`);
}
await gateway.stop();
await rm(folder, { recursive: true, force: true });
process.exit();

/** The whole gateway in this process, with a database and a journal of its own. */
async function started(dataDir: string) {
  const configFile = join(dataDir, 'litellm_config.yaml');
  await writeFile(configFile, CONFIGURATION);
  const load = { file: configFile, variables: { LITELLM_MASTER_KEY: 'sk-bench-master' } };
  const config = await loadConfig(load);
  const secrets = await resolveSecrets({ dataDir, variables: load.variables, masterKey: config.general.masterKey, randomBytes });
  const log = createLog({ level: 'error', json: () => false, write: (line) => process.stderr.write(`${line}\n`) });
  const options = startOptions(['--config', configFile, '--host', '127.0.0.1', '--port', '0', '--data', dataDir, '--log-level', 'error']);
  const source = new URL('../../src/', import.meta.url);
  const assets = {
    migrations: new URL('store/migrations', source).pathname,
    countWorker: new URL('ledger/tokens/count-worker.ts', source),
    prices: null,
    panel: null,
    swagger: '',
    packages: new URL('../package-lock.json', source),
  };
  const made = await compose({ options, config, load, onConfig: () => undefined, secrets, assets, log });
  const running = new Gateway({ parts: made, log, options, secrets });
  await running.start();
  await made.books.opened();
  return { gateway: running, parts: made };
}
