import type { Reply } from '../exchange/reply.ts';
import type { Trail } from '../exchange/trail.ts';
import type { EventStream } from './event-stream.ts';

/** How often a waiting stream is looked at, milliseconds. */
const LOOK_MS = 1000;

/**
 * Waits for the first piece of a stream. When the deployment is known to take long (a local server that loads a model),
 * headers and comments go out meanwhile, so that nobody in between hangs up (data-plane 10.1).
 */
export async function withSignsOfLife(running: Promise<Reply>, events: EventStream, trail: Trail): Promise<Reply> {
  let quietMs = 0;
  const timer = setInterval(() => {
    quietMs += LOOK_MS;
    const every = trail.deployment?.keepAliveMs ?? 0;
    if (every === 0 || quietMs < every || events.gone) return;
    quietMs = 0;
    events.open();
    void events.write(': keep-alive\n\n');
  }, LOOK_MS);
  try {
    return await running;
  } finally {
    clearInterval(timer);
  }
}
