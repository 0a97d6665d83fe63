import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { troubleText, type Backups } from './backups.ts';

/**
 * Where this machine's administrator, and Supervisor's hooks, ask for a backup: HTTP on a socket of the file system. `POST /backup` makes the
 * files, `DELETE /backup` removes them; each answers one line.
 */
export class ControlSocket {
  readonly #path: string;
  readonly #backups: Backups;
  readonly #log: Logger;
  readonly #server: Server;
  /** One at a time: two would write one file. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, backups: Backups, log: Logger) {
    this.#path = path;
    this.#backups = backups;
    this.#log = log;
    this.#server = process.getBuiltinModule('node:http').createServer((request, response) => {
      this.#last = this.#last.then(() => this.#answer(request, response));
    });
  }

  /** Without the socket everything else works: that it cannot be made is told. */
  async start(): Promise<void> {
    try {
      // Left by a server that was killed.
      await rm(this.#path, { force: true });
      this.#server.listen(this.#path);
      await once(this.#server, 'listening');
      await chmod(this.#path, 0o600);
    } catch (error) {
      this.#log.warn(`Backups cannot be asked for at ${this.#path} (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await this.#last;
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, line: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`${line}\n`);
    };
    try {
      if (url !== '/backup') say(404, 'There is nothing but /backup here');
      else if (method === 'POST') say(200, await this.#backups.make());
      else if (method === 'DELETE') {
        await this.#backups.discard();
        say(200, 'Removed');
      } else say(405, 'POST makes the files of a backup, DELETE removes them');
    } catch (error) {
      say(500, troubleText(error));
    }
  }
}
