import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What the gateway's own pages are served with. */
export const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

export interface FileServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves a built folder under a base as the gateway does: files by their name, `index.html` with base and API for every other address. */
export async function serveFiles(folder: string, base = '/ui/', api = '../'): Promise<FileServer> {
  const server: Server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const name = pathname.startsWith(base) ? pathname.slice(base.length) : '';
      const type = TYPES[extname(name)];
      if (!pathname.startsWith(base)) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"Not found","type":"not_found_error"}}');
        return;
      }
      const file = type ? await readFile(join(folder, name)).catch(() => null) : null;
      if (file) return void response.writeHead(200, { 'content-type': type ?? '' }).end(file);
      const template = await readFile(join(folder, 'index.html'), 'utf8');
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY })
        .end(template.replace('%BASE%', base).replace('%API%', api));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
