import Pool from 'undici/lib/dispatcher/pool.js';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { Transport } from '../../src/providers/transport/transport.ts';

test.each([
  ['http://proxied.example', true],
  ['http://127.0.0.1:1', false],
  ['http://localhost:1', false],
  ['http://169.254.1.1:1', false],
])('%s is asked through the proxy: %s', async (origin, proxied) => {
  let through = false;
  const transport = new Transport({
    clock: systemClock,
    lookup: null,
    connectTimeoutMs: 100,
    ipv4Only: false,
    proxy: (options) => {
      through = true;
      return new Pool('http://127.0.0.1:1', options);
    },
  });
  const timeouts = { firstByteMs: 200, totalMs: 200, idleMs: 200 };
  const exchange = transport.send({ method: 'GET', origin, path: '/', headers: {}, body: null, timeouts });
  exchange.abort();
  await exchange.opened().catch(() => undefined);
  expect(through).toBe(proxied);
  await transport.stop();
});
