import { createServer } from 'node:net';

const LOWEST = 20_000;
/** Above it, an outgoing connection of anybody may hold the port. */
const HIGHEST = 32_767;

/** A port of 127.0.0.1 that nobody listened on a moment ago. Whoever starts a server on it tries again when that changed. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
