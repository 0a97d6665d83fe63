import { rm } from 'node:fs/promises';

import { NoInterpreterError } from '../../../scripts/home-assistant/interpreter.ts';
import { ensureHomeAssistant } from '../../../scripts/python-home-assistant.ts';
import { freePort } from '../../real/free-port.ts';
import { CoreClient } from './core-client.ts';
import { makeCoreFolder, placeComponent } from './core-folder.ts';
import { CoreLog } from './core-log.ts';
import { CoreProcess } from './core-process.ts';
import { CoreRest } from './core-rest.ts';
import { addPerson, onboard, type Person } from './people.ts';
import { eventually } from './within.ts';

/** Why no Core can run on this machine, for `describe.skipIf`; null: one can. */
export async function missingCore(): Promise<string | null> {
  try {
    await ensureHomeAssistant('core');
    return null;
  } catch (error) {
    if (error instanceof NoInterpreterError) return error.message;
    throw error;
  }
}

export interface CoreOptions {
  /** Folders of custom integrations, named as their domain. */
  readonly components?: readonly string[];
  /** YAML to append to configuration.yaml. */
  readonly configuration?: string;
  /** Further variables, such as those that name a Supervisor. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A start takes 3 s on a machine of its own, and much longer on one that is busy. */
const START_MS = 150_000;

/** A real Home Assistant Core on loopback, onboarded, with one configuration folder for its whole life. */
export class Core {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly log: CoreLog;
  readonly #process: CoreProcess;
  #owner: Person | null = null;
  #client: CoreClient | null = null;

  private constructor(port: number, folder: string, log: CoreLog, program: CoreProcess) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.folder = folder;
    this.log = log;
    this.#process = program;
  }

  /**
   * Starts one and waits until it is set up. Whoever calls stops it.
   *
   * @throws {NoInterpreterError} when this machine has no Python for it: see {@link missingCore}
   */
  static async start({ components = [], configuration = '', environment = {} }: CoreOptions = {}): Promise<Core> {
    const python = await ensureHomeAssistant('core');
    const port = await freePort();
    const folder = await makeCoreFolder(port, configuration);
    const log = new CoreLog();
    const core = new Core(port, folder, log, new CoreProcess({ python, folder, log, environment }));
    try {
      for (const component of components) await core.place(component);
      await core.#begin();
    } catch (error) {
      await core.stop();
      throw error;
    }
    return core;
  }

  /** Who made this Home Assistant; an administrator. */
  get owner(): Person {
    if (!this.#owner) throw new Error('Core is not onboarded');
    return this.#owner;
  }

  /** The owner's connection; after a restart it is another one. */
  get client(): CoreClient {
    if (!this.#client) throw new Error('Core is not running');
    return this.#client;
  }

  /** Puts a custom integration where the next start finds it. */
  async place(component: string): Promise<void> {
    await placeComponent(this.folder, component);
  }

  async addPerson(name: string, { admin }: { readonly admin: boolean }): Promise<Person> {
    return addPerson(this.url, this.client.socket, { name, admin });
  }

  /** Restarts as a person does from the settings: Core itself asks to be run again. */
  async restart(): Promise<void> {
    const { client } = this;
    // It may go before it has answered.
    await client.act('homeassistant.restart').catch((error: unknown) => {
      if (client.socket.open) throw error;
    });
    await eventually(
      START_MS,
      async () => (client.socket.open ? null : true),
      () => this.#situation('did not go down'),
    );
    await this.#connected();
  }

  /** Ends the program, keeping its folder: nobody answers until {@link resume}. */
  async pause(): Promise<void> {
    this.#client?.close();
    this.#client = null;
    await this.#process.stop();
  }

  async resume(): Promise<void> {
    this.#process.start();
    await this.#connected();
  }

  /** What Supervisor does when it is asked to restart Core. */
  async runAgain(): Promise<void> {
    await this.#process.stop();
    this.#process.start();
  }

  /** Ends the program and removes its folder. */
  async stop(): Promise<void> {
    await this.pause();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #begin(): Promise<void> {
    this.#process.start();
    const open = new CoreRest(this.url, null);
    await this.#until('does not answer', () => open.request('GET', '/api/onboarding'));
    this.#owner = await onboard(this.url);
    await this.#connected();
  }

  async #connected(): Promise<void> {
    const { token } = this.owner;
    this.#client = await this.#until('does not take connections', () => CoreClient.connect(this.url, token));
    const { client } = this;
    await this.#until('is not set up', async () => ((await client.configuration())['state'] === 'RUNNING' ? true : null));
  }

  async #until<T>(otherwise: string, ask: () => Promise<T | null>): Promise<T> {
    const situation = (): string => this.#situation(otherwise);
    return eventually(
      START_MS,
      async () => {
        if (!this.#process.running) throw new Error(this.#situation(`ended with ${this.#process.lastExit}`));
        return ask().catch(() => null);
      },
      situation,
    );
  }

  #situation(what: string): string {
    return `Core ${what}. It said:\n${this.log.tail()}`;
  }
}
