import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Core, type CoreOptions } from './core.ts';
import { CoreOnSocket } from './supervisor/core-link.ts';
import { FakeSupervisor } from './supervisor/fake-supervisor.ts';
import { eventually } from './within.ts';

export interface HomeAssistantOptions extends CoreOptions {
  /** Installs apps before Core starts; they may start to listen later. */
  readonly install?: (supervisor: FakeSupervisor) => void;
}

/** A real Core and a fake Supervisor that know each other, as on Home Assistant OS. */
export class HomeAssistant {
  readonly core: Core;
  readonly supervisor: FakeSupervisor;
  readonly #scratch: string;

  private constructor(core: Core, supervisor: FakeSupervisor, scratch: string) {
    this.core = core;
    this.supervisor = supervisor;
    this.#scratch = scratch;
  }

  /** Starts both and waits until Core has set its integration of Supervisor up. Whoever calls stops it. */
  static async start({ install, environment, ...options }: HomeAssistantOptions = {}): Promise<HomeAssistant> {
    const scratch = await mkdtemp(path.join(tmpdir(), 'ha-'));
    const link = new CoreOnSocket(path.join(scratch, 'core.sock'));
    const supervisor = new FakeSupervisor({ core: link });
    try {
      await supervisor.start();
      install?.(supervisor);
      const core = await Core.start({ ...options, environment: { ...environment, ...environmentOf(supervisor, link) } });
      supervisor.onCoreRestart = () => core.runAgain();
      const home = new HomeAssistant(core, supervisor, scratch);
      await home.#supervised();
      return home;
    } catch (error) {
      await supervisor.stop();
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.core.stop();
    await this.supervisor.stop();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async #supervised(): Promise<void> {
    const entry = async (): Promise<string | null> => {
      const [found] = await this.core.client.entries('hassio');
      return found ? `${found.state} ${found.reason ?? ''}`.trim() : null;
    };
    await eventually(
      20_000,
      async () => ((await entry()) === 'loaded' ? true : null),
      () => `Core's integration of Supervisor is not loaded:\n${this.core.log.tail()}`,
    );
  }
}

function environmentOf(supervisor: FakeSupervisor, link: CoreOnSocket): Record<string, string> {
  return {
    SUPERVISOR: new URL(supervisor.url).host,
    SUPERVISOR_TOKEN: supervisor.coreToken,
    SUPERVISOR_CORE_API_SOCKET: link.path,
  };
}
