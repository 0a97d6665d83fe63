import type { Behaviour, SeenRequest } from './fake-provider.ts';

/** How a fake provider of predictions answers; what is left out is answered as a patient server would. */
export interface PredictionsOptions {
  /** The prediction once it has succeeded, as a documented exchange has it. */
  readonly done: unknown;
  /** Questions that are answered before it is done. */
  readonly after?: number;
  /** Where its output streams; absent: it does not. */
  readonly stream?: Buffer;
  /** Members of the first answer; `urls` among them. */
  readonly begun?: Record<string, unknown>;
  /** What it says of itself once its stream is over; absent: the same as {@link done}. */
  readonly closing?: Behaviour;
}

/**
 * A server of predictions in Replicate's words: made by POST, asked for at `/v1/predictions/p1`, streamed at `/streams/p1`, ended at
 * `/v1/predictions/p1/cancel`. Each answer asks to be asked again soon.
 */
export function predictions(url: () => string, { done, after = 0, stream, begun = {}, closing }: PredictionsOptions): Behaviour {
  let asked = 0;
  return (request, response) => {
    const say = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' }).end(JSON.stringify(body));
    };
    const urls = {
      get: `${url()}/v1/predictions/p1`,
      cancel: `${url()}/v1/predictions/p1/cancel`,
      ...(stream === undefined ? {} : { stream: `${url()}/streams/p1` }),
    };
    const running = { id: 'p1', status: 'starting', output: null, urls, ...begun };
    if (request.path.endsWith('/cancel')) say({ ...running, status: 'canceled' });
    else if (request.method === 'POST') say(request.json['stream'] !== true && after === 0 ? done : running, 201);
    else if (request.path.startsWith('/streams/')) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream);
    else if (stream !== undefined && closing !== undefined) return closing(request, response);
    else say(++asked < after ? { ...running, status: 'processing' } : done);
    return undefined;
  };
}

/** What was asked, a line each. */
export function asked(seen: readonly SeenRequest[]): string[] {
  return seen.map(({ method, path }) => `${method} ${path}`);
}
