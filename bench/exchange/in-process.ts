/** The whole gateway in this process, without sockets: requests are handed to it, and its provider answers out of memory. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usdOf } from '../../src/core/money.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveSecrets } from '../../src/config/secrets.ts';
import type { UpstreamRequest } from '../../src/providers/transport/transport.ts';
import { Deadlines } from '../../src/providers/transport/deadlines.ts';
import { UpstreamExchange } from '../../src/providers/transport/upstream-exchange.ts';
import { compose } from '../../src/server/compose.ts';
import { Gateway } from '../../src/server/gateway.ts';
import { createLog } from '../../src/server/log.ts';
import { startOptions } from '../../test/support/start-options.ts';

/** An answer of the provider: its type, and the pieces in which it comes. */
export interface MemoryAnswer {
  readonly type: string;
  readonly pieces: readonly Buffer[];
}

/** What a request of {@link InProcess.run} is. */
export interface Asked {
  readonly path: string;
  readonly body: Buffer;
}

/** Requests under way at a time. */
const LANES = 32;

/** A gateway with a database and a journal of its own. */
export class InProcess {
  readonly #folder: string;
  readonly #gateway: Gateway;
  readonly #parts: Awaited<ReturnType<typeof compose>>;
  readonly #key: string;

  private constructor(folder: string, gateway: Gateway, parts: Awaited<ReturnType<typeof compose>>, key: string) {
    this.#folder = folder;
    this.#gateway = gateway;
    this.#parts = parts;
    this.#key = key;
  }

  /** @param models `model_list` as YAML @param answer of the provider to a request */
  static async start(models: string, answer: (request: UpstreamRequest) => MemoryAnswer): Promise<InProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
    const configFile = join(folder, 'litellm_config.yaml');
    await writeFile(configFile, models);
    const load = { file: configFile, variables: { LITELLM_MASTER_KEY: 'sk-bench-master' } };
    const config = await loadConfig(load);
    const secrets = await resolveSecrets({ dataDir: folder, variables: load.variables, masterKey: config.general.masterKey, randomBytes });
    const log = createLog({ level: 'error', json: () => false, write: (line) => process.stderr.write(`${line}\n`) });
    const options = startOptions(['--config', configFile, '--host', '127.0.0.1', '--port', '0', '--data', folder, '--log-level', 'error']);
    const parts = await compose({ options, config, load, onConfig: () => undefined, secrets, assets: assets(), log });
    const gateway = new Gateway({ parts, log, options, secrets });
    await gateway.start();
    await parts.books.opened();
    const { text } = await parts.keys.create(null, { maxBudget: usdOf('1000000'), rpmLimit: 1e9, tpmLimit: 1e12 }, null);
    answerFromMemory(parts, answer);
    return new InProcess(folder, gateway, parts, text);
  }

  /** Asks `count` times, {@link LANES} at a time. @throws when anything but 200 is answered */
  run(count: number, { path, body }: Asked): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let [begun, ended] = [0, 0];
    const next = (): void => {
      if (begun >= count) return;
      begun++;
      const request = new MemoryRequest(path, this.#key, body.length);
      const response = new MemoryResponse(() => {
        ended++;
        if (ended === count) resolve();
        else setImmediate(next);
      });
      this.#parts.dispatcher.handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
      request.emit('data', body);
      request.emit('end');
    };
    for (let lane = 0; lane < LANES; lane++) next();
    return promise;
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function assets() {
  const source = new URL('../../src/', import.meta.url);
  return {
    migrations: new URL('store/migrations', source).pathname,
    countWorker: new URL('ledger/tokens/count-worker.ts', source),
    prices: null,
    panel: null,
    swagger: '',
    packages: new URL('../package-lock.json', source),
  };
}

/** Pieces come in turns of their own, as they do from sockets. */
function answerFromMemory(parts: Awaited<ReturnType<typeof compose>>, answerTo: (request: UpstreamRequest) => MemoryAnswer): void {
  const deadlines = new Deadlines(parts.clock);
  const controller = { aborted: false, paused: false, reason: null, abort: () => {}, pause: () => {}, resume: () => {} } as never;
  const due: (() => void)[] = [];
  const inTurn = (work: () => void): void => {
    if (due.push(work) === 1) setImmediate(() => due.splice(0).forEach((one) => one())); // prettier-ignore
  };
  const send = (request: UpstreamRequest): UpstreamExchange => {
    const exchange = new UpstreamExchange(request.timeouts, deadlines, parts.clock.elapsed);
    const { type, pieces } = answerTo(request);
    const piece = (at: number): void => {
      const bytes = pieces[at];
      if (bytes === undefined) return exchange.onResponseEnd();
      exchange.onResponseData(controller, bytes);
      if (at + 1 === pieces.length) exchange.onResponseEnd();
      else inTurn(() => piece(at + 1));
    };
    exchange.onRequestStart(controller);
    inTurn(() => {
      exchange.onResponseStart(controller, 200, { server: 'nginx/1.22.1', date: 'Thu, 26 Nov 2026 03:44:20 GMT', 'content-type': type, connection: 'keep-alive' }); // prettier-ignore
      piece(0);
    });
    return exchange;
  };
  Object.assign(parts.transport, { send });
}

class MemoryRequest extends EventEmitter {
  readonly method = 'POST';
  readonly url: string;
  readonly httpVersionMinor = 1;
  readonly socket = { remoteAddress: '127.0.0.1' };
  readonly readableEnded = true;
  readonly headers: Readonly<Record<string, string>>;

  constructor(path: string, key: string, size: number) {
    super();
    this.url = path;
    this.headers = {
      host: '127.0.0.1:4000',
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'content-length': String(size),
    };
  }
}

class MemoryResponse extends EventEmitter {
  headersSent = false;
  writableFinished = false;
  destroyed = false;
  chunkedEncoding = false;
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

  write(): boolean {
    return true;
  }

  end(): void {
    if (this.status !== 200) throw new Error(`answered with ${this.status}`);
    this.writableFinished = true;
    this.emit('close');
    this.#done();
  }
}
