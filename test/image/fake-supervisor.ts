import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export const TOKEN = 'token-of-supervisor';

/** The part of Supervisor's API that an app calls at its start; Core is away. */
export class FakeSupervisor {
  readonly asked: { readonly call: string; readonly token: string | undefined; readonly body: unknown }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${request.url}`;
    const body: unknown = await json(request).catch(() => null);
    this.asked.push({ call, token: request.headers.authorization, body });
    const data = ANSWERS[call];
    const answer = data === undefined ? { result: 'error', message: 'Core is away' } : { result: 'ok', data };
    response.writeHead(data === undefined ? 502 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  static async start(): Promise<FakeSupervisor> {
    const supervisor = new FakeSupervisor();
    await new Promise<void>((resolve) => supervisor.#server.listen(0, '127.0.0.1', resolve));
    return supervisor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  'GET /addons/self/info': {
    slug: 'local_llm_gateway',
    hostname: 'local-llm-gateway',
    version: '0.1.0',
    state: 'started',
    network: { '4000/tcp': 4000 },
    ingress_panel: true,
    ip_address: '127.0.0.1',
  },
  'POST /discovery': { uuid: '0123456789abcdef0123456789abcdef' },
};
