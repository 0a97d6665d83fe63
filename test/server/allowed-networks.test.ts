import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { networkOf } from '../../src/config/networks.ts';
import { Door } from '../../src/server/door.ts';
import { WebSocket } from 'ws';
import { startGateway } from '../support/gateway.ts';

const networks = (...texts: string[]) => texts.map(networkOf).filter((network) => network !== null);

/** A request that came from this address. */
function from(address: string | undefined): IncomingMessage {
  return { socket: { remoteAddress: address } } as unknown as IncomingMessage;
}

function refusedWith(door: Door, address: string | undefined): { status: number; body: unknown } | null {
  const answer = { status: 0, body: null as unknown };
  const response = {
    writeHead(status: number) {
      answer.status = status;
      return response;
    },
    end(body: string) {
      answer.body = JSON.parse(body);
    },
  };
  return door.refuses(from(address), response as unknown as ServerResponse) ? answer : null;
}

describe('allowed_networks', () => {
  const door = new Door(networks('192.168.1.0/24', 'fd00::/8'), false);

  test.each(['192.168.1.20', '::ffff:192.168.1.20', 'fd00::5', '127.0.0.1', '::1'])('admits %s', (address) => {
    expect(refusedWith(door, address)).toBeNull();
  });

  test.each(['192.168.2.20', '8.8.8.8', '2001:db8::1', undefined])('refuses %s with 403', (address) => {
    expect(refusedWith(door, address)?.status).toBe(403);
  });

  test('says which address was refused and what refused it', () => {
    expect(refusedWith(door, '8.8.8.8')?.body).toMatchObject({
      error: { message: 'The address 8.8.8.8 is in none of the networks of allowed_networks.', code: '403' },
    });
  });

  test('refuses a WebSocket the same way', async () => {
    const stream = new PassThrough();
    expect(door.refusesSocket(from('8.8.8.8'), stream)).toBe(true);
    expect(await text(stream)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*allowed_networks/);
    expect(door.refusesSocket(from('192.168.1.4'), new PassThrough())).toBe(false);
  });

  test('always admits Home Assistant and other apps, under Supervisor alone', () => {
    const app = new Door(networks('192.168.1.0/24'), true);
    for (const address of ['172.30.32.1', '172.30.33.9', 'fd0c:ac1e:2100::9']) {
      expect(refusedWith(app, address)).toBeNull();
      expect(refusedWith(new Door(networks('192.168.1.0/24'), false), address)?.status).toBe(403);
    }
  });

  test('left empty admits everybody', () => {
    expect(refusedWith(new Door([], true), '8.8.8.8')).toBeNull();
  });
});

/** An address of this machine that is not only for itself. */
const OWN = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test.skipIf(OWN === undefined)(
  'the gateway refuses a caller from elsewhere before it looks at a key, calls and sockets alike',
  async () => {
    const gateway = await startGateway('model_list: []\n', { GATEWAY_ALLOWED_NETWORKS: '203.0.113.0/24', HOST: '0.0.0.0' });
    onTestFinished(() => gateway.stop());
    expect((await gateway.call('GET', '/v1/models')).status).toBe(200);

    const { port } = gateway.parts.server;
    const answer = await fetch(`http://${OWN}:${port}/v1/models`, { headers: { authorization: `Bearer ${gateway.masterKey}` } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(`The address ${OWN} is in none of the networks of allowed_networks.`);
    const socket = new WebSocket(`ws://${OWN}:${port}/ui/ws`);
    const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(refused.statusCode).toBe(403);
  },
);
