/**
 * The bare relay: what every bar is measured against. Parses the body, changes the model, forwards, parses the answer and
 * reads its usage; no keys, no limits, no rows.
 *
 * Usage: bare-relay.ts PORT UPSTREAM_ORIGIN
 */
import { createServer, type ServerResponse } from 'node:http';
import { Pool, type Dispatcher } from 'undici';

const [port, upstream = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { pipelining: 1, connections: 2048 });
let tokens = 0;

createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    body['model'] = 'bench-upstream';
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-upstream' };
    void pool
      .request({ method: 'POST', path: request.url ?? '/', headers, body: JSON.stringify(body) })
      .then((answer) => (body['stream'] === true ? passStream(answer, response) : passWhole(answer, response)));
  });
}).listen(Number(port), '127.0.0.1');

async function passWhole(answer: Dispatcher.ResponseData, response: ServerResponse): Promise<void> {
  const text = await answer.body.text();
  tokens += (JSON.parse(text) as { usage: { total_tokens: number } }).usage.total_tokens;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function passStream(answer: Dispatcher.ResponseData, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  answer.body.on('data', (chunk: Buffer) => {
    const found = /"total_tokens":(\d+)/.exec(chunk.toString('latin1'));
    if (found) tokens += Number(found[1]);
    response.write(chunk);
  });
  answer.body.on('end', () => response.end());
  response.on('close', () => answer.body.destroy());
}
