import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { EXIT, type Options } from '../config/options.ts';
import { problemText } from '../config/problem.ts';
import type { Secrets } from '../config/secrets.ts';
import { ConfigWatcher, type ConfigChange } from '../config/watch.ts';
import { ConfigError } from '../core/errors.ts';
import type { Parts } from './compose.ts';
import { journeySettingsOf } from './settings.ts';
import { wait } from './wait.ts';

export interface GatewayParts {
  readonly parts: Parts;
  readonly log: Logger;
  readonly options: Options;
  readonly secrets: Secrets;
}

/** What of the process the gateway listens to. */
export type Signals = Pick<NodeJS.Process, 'on' | 'off'>;

/** Running answers have this long after a stop was asked for (ruling S3). */
const GRACE_MS = 25_000;
const REFUSALS_EVERY_MS = 60_000;
/** Calls whose connection is closed are booked within moments; what takes longer, the next start recovers. */
const LAST_CALLS_MS = 2000;
const LOOK_MS = 20;
/** The model that a first start writes into the configuration. */
const SAMPLE_MODEL = 'demo';
const LEASES_EVERY_MS = 10_000;

/** The data folder of the image, which has the program under its own name. */
const DATA_OF_IMAGE = '/data';

function keyCommand({ dataDir }: Options): string {
  if (dataDir === DATA_OF_IMAGE) return 'llm-gateway key';
  return dataDir === resolve('data') ? 'npm run -s key' : `npm run -s key -- --data ${dataDir}`;
}

/** The life of the server: starts its parts in order, reloads, and stops them in reverse. */
export class Gateway {
  readonly #given: GatewayParts;
  readonly #watcher: ConfigWatcher;
  #refusalTimer: NodeJS.Timeout | null = null;
  #leaseTimer: NodeJS.Timeout | null = null;

  constructor(given: GatewayParts) {
    this.#given = given;
    this.#watcher = new ConfigWatcher({
      config: given.parts.live.config,
      load: () => given.parts.settings.readFiles(),
      onChange: (change) => {
        this.#changed(change).catch((error: unknown) =>
          given.log.error({ err: error }, 'The changed configuration could not be put in force'),
        );
      },
    });
  }

  /** Runs until a signal. @returns the program's exit code */
  async run(signals: Signals): Promise<number> {
    const stop = Promise.withResolvers<void>();
    let asked = 0;
    const onSignal = (): void => {
      asked++;
      if (asked === 1) stop.resolve();
      else {
        this.#given.parts.server.cut();
        this.#given.parts.ingress?.server.cut();
      }
    };
    signals.on('SIGTERM', onSignal);
    signals.on('SIGINT', onSignal);
    try {
      await this.start();
      await stop.promise;
      this.#given.log.info('Stopping');
      await this.stop();
      this.#given.log.info('Stopped');
      return EXIT.ok;
    } catch (error) {
      await this.stop();
      if (error instanceof ConfigError) throw error;
      this.#given.log.error({ err: error }, 'The gateway could not start');
      return EXIT.failed;
    } finally {
      signals.off('SIGTERM', onSignal);
      signals.off('SIGINT', onSignal);
    }
  }

  /** @throws {ConfigError} when the address is taken, or the built-in database cannot start */
  async start(): Promise<void> {
    const { parts, log } = this.#given;
    await this.#listen();
    await parts.embedded?.start();
    await parts.control?.start();
    parts.database.start();
    parts.socket.start();
    parts.ingress?.socket.start();
    parts.books.start();
    parts.modelLists.start();
    this.#watcher.start();
    this.#refusalTimer = setInterval(() => {
      this.#tellRefusals();
    }, REFUSALS_EVERY_MS);
    this.#refusalTimer.unref();
    this.#leaseTimer = setInterval(() => {
      parts.router.states.sweep();
      parts.ingress?.refresh();
      const late = parts.running.sweep(parts.clock.elapsed(), journeySettingsOf(parts.live.config).timeouts);
      if (late > 0) log.error(`${late} calls held a reservation long after they should have ended; they were settled`);
    }, LEASES_EVERY_MS);
    this.#leaseTimer.unref();
    void parts.books.opened().then(() => {
      if (parts.books.open) this.#ready();
      return undefined;
    });
    if (parts.database.state.status !== 'connected' && !parts.embedded) log.info('Waiting for the database; health answers meanwhile');
  }

  async stop(): Promise<void> {
    const { parts, log } = this.#given;
    if (this.#refusalTimer) clearInterval(this.#refusalTimer);
    if (this.#leaseTimer) clearInterval(this.#leaseTimer);
    parts.stopping.on = true;
    const steps: (readonly [string, () => unknown])[] = [
      ['connection to Home Assistant', () => parts.home.stop('stopping')],
      ['control socket', () => parts.control?.stop()],
      ['configuration watcher', () => this.#watcher.stop()],
      ['model lists', () => parts.modelLists.stop()],
      ['jobs', () => parts.schedule.stop()],
      ['rest', () => parts.rest.stop()],
      [
        'panel',
        () => {
          parts.ticks.stop();
          parts.socket.stop();
          parts.ingress?.socket.stop();
        },
      ],
      ['listener of Home Assistant', () => parts.ingress?.server.stop(GRACE_MS)],
      ['listener', () => parts.server.stop(GRACE_MS)],
      ['running calls', () => this.#lastCallsBooked()],
      ['kept thoughts', () => parts.keptReasoning.stop()],
      ['kept responses', () => parts.keptResponses.stop()],
      ['token counter', () => parts.counter.stop()],
      ['audit log', () => parts.audit.stop()],
      ['books', () => parts.books.stop()],
      ['backup of the stop', () => (parts.books.open ? parts.backups?.atStop() : undefined)],
      ['providers', () => parts.transport.stop()],
      ['public providers', () => parts.publicTransport.stop()],
      ['requests that pass', () => parts.relay.stop()],
      ['media', () => parts.fetcher.stop()],
      ['database', () => parts.database.stop()],
      ['PostgreSQL', () => parts.embedded?.stop()],
    ];
    for (const [name, step] of steps) {
      try {
        await step();
      } catch (error) {
        log.error({ err: error }, `Stopping the ${name} failed`);
      }
    }
  }

  async #lastCallsBooked(): Promise<void> {
    const { ledger } = this.#given.parts;
    const patience = new AbortController();
    for (let waited = 0; ledger.openCalls > 0 && waited < LAST_CALLS_MS; waited += LOOK_MS) await wait(LOOK_MS, patience.signal);
  }

  async #listen(): Promise<void> {
    const { parts, options } = this.#given;
    try {
      await parts.server.start();
      parts.ownPorts.add(parts.server.port);
      if (parts.ingress) {
        await parts.ingress.server.start();
        parts.ownPorts.add(parts.ingress.server.port);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE')
        throw new ConfigError(
          `Port ${options.port} is already in use. Stop the other program, or choose another port: --port ${options.port + 100}`,
        );
      if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
        throw new ConfigError(`The address ${options.host}:${options.port} cannot be listened on (${code}).`);
      throw error;
    }
  }

  #ready(): void {
    this.#given.parts.keptReasoning.start();
    this.#given.parts.keptResponses.start();
    this.#given.parts.schedule.start();
    void this.#given.parts.home.start();
    if (this.#given.parts.stopping.on) return;
    this.#given.parts.rest.start();
    this.#tellReady();
    void this.#offerLocalServers();
  }

  /** Who has no model yet is told what runs in the house. */
  async #offerLocalServers(): Promise<void> {
    const { parts, log } = this.#given;
    if ([...parts.router.table.groups()].some(({ name }) => name !== SAMPLE_MODEL) || parts.router.table.wildcards().length > 0) return;
    try {
      const { servers } = await parts.localServers.look();
      for (const { kind, address, models } of servers)
        log.info(`Found ${kind} at ${address} with ${models.length} models; none of them is added yet`);
    } catch (error) {
      log.debug({ err: error }, 'Servers in the house were not looked for');
    }
  }

  #tellReady(): void {
    const { parts, log, options, secrets } = this.#given;
    const host =
      options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : options.host.includes(':') ? `[${options.host}]` : options.host;
    const where = secrets.master.path ? `; the master key is in ${secrets.master.path} (${keyCommand(options)} prints it)` : '';
    const address = `${options.tls ? 'https' : 'http'}://${host}:${parts.server.port}${parts.live.config.environment.serverRootPath}`;
    log.info(`Ready at ${address}, with the panel at ${address}/ui${where}`);
  }

  async #changed(change: ConfigChange): Promise<void> {
    const { parts, log } = this.#given;
    parts.fileStanding.changed(change);
    this.#tellFaults();
    if ('problems' in change) {
      for (const problem of change.problems) log.warn(problemText(problem));
      log.warn('The configuration has changed and cannot be used; the one before goes on');
      return;
    }
    const config = await parts.settings.filesChanged(change.config);
    for (const problem of config.warnings) log.warn(problemText(problem));
    log.info(`Configuration reloaded: ${config.models.length} models`);
  }

  /** To the open pages and to Home Assistant. */
  #tellFaults(): void {
    const { hub, fileStanding, home } = this.#given.parts;
    const [first] = fileStanding.faults.problems;
    if (first) home.configProblem(first.file, `${first.key} ${first.message}`.trim());
    else home.stateChanged();
    hub.tell('state', { what: 'settings' });
  }

  /** Refused credentials are counted and told once a minute (ruling K6). */
  #tellRefusals(): void {
    const { refusals } = this.#given.parts;
    if (refusals.size === 0) return;
    this.#given.log.warn(`Refused in the last minute: ${[...refusals].map(([reason, count]) => `${count} ${reason}`).join(', ')}`);
    refusals.clear();
  }
}
