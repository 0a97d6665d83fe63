import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

/** What a client saw of one call. */
export interface Seen {
  /** 0: no answer came at all. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The answer came to its end: a whole body, or a stream with `[DONE]`. */
  readonly ended: boolean;
  readonly tookMs: number;
}

export interface Ask {
  readonly url: string;
  /** Absent: `/v1/chat/completions`. */
  readonly path?: string;
  readonly key: string;
  readonly body: Record<string, unknown>;
  readonly callId?: string;
  /** Hang up once so many bytes of the answer have come; 0: as soon as the request has left. */
  readonly leaveAfterBytes?: number;
  readonly agent?: Agent;
}

/** A plain HTTP client that can hang up in the middle, and never throws: what did not come is told. */
export function callChat({ url, path = '/v1/chat/completions', key, body, callId, leaveAfterBytes, agent }: Ask): Promise<Seen> {
  const begun = performance.now();
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...(callId === undefined ? {} : { 'x-litellm-call-id': callId }),
  };
  return new Promise((resolve) => {
    let text = '';
    let status = 0;
    let received: IncomingHttpHeaders = {};
    const tell = (ended: boolean): void => {
      resolve({ status, headers: received, text, ended, tookMs: performance.now() - begun });
    };
    const sent = request(url + path, { method: 'POST', headers, ...(agent ? { agent } : {}) }, (response) => {
      status = response.statusCode ?? 0;
      received = response.headers;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (leaveAfterBytes !== undefined && text.length >= leaveAfterBytes) sent.destroy();
      });
      response.on('error', () => {});
      response.on('close', () => {
        tell(response.complete && (body['stream'] !== true || status !== 200 || text.includes('[DONE]')));
      });
    });
    sent.on('error', () => {
      tell(false);
    });
    sent.end(bytes, () => {
      if (leaveAfterBytes === 0) setTimeout(() => sent.destroy(), 5);
    });
  });
}
