import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { encodingsFor } from './packed.ts';

/** Where a page of the panel stands: what its addresses are relative to. */
export interface PanelPlace {
  /** `<base href>`, ends in a slash. */
  readonly base: string;
  /** From there to the routes of the gateway. */
  readonly api: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
/** No script and no style that does not come from here (home-assistant HA-ING-3). */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * The built panel. Nothing is read by a name that a request gave, and nothing is kept: its files are small, and browsers keep them.
 */
export class PanelFiles {
  readonly #directory: string | null;
  #names: Promise<ReadonlyMap<string, string>> | null = null;

  /** @param directory of the build; null: there is none */
  constructor(directory: string | null) {
    this.#directory = directory;
  }

  /** Answers with the page, or with a file of it. @param path below the panel's address, without a slash at its start */
  async serve(call: RouteCall, path: string, place: PanelPlace): Promise<void> {
    const names = await (this.#names ??= this.#list());
    if (names.size === 0) {
      send(call, Buffer.from(NOT_BUILT), { ...SAFE, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, 503);
      return;
    }
    if (names.has(path) && path !== 'index.html') {
      await this.#file(call, names, path);
      return;
    }
    if (path.startsWith('assets/')) throw new NotFoundError('The panel has no such file.');
    await this.#page(call, place);
  }

  async #page(call: RouteCall, { base, api }: PanelPlace): Promise<void> {
    const bytes = await readFile(join(this.#directory ?? '', 'index.html'));
    const page = bytes.toString('utf8').replaceAll('%BASE%', base).replaceAll('%API%', api);
    send(call, Buffer.from(page), { ...SAFE, 'content-type': typeOf('index.html'), 'cache-control': 'no-store' });
  }

  async #file(call: RouteCall, names: ReadonlyMap<string, string>, path: string): Promise<void> {
    const encoding = encodingsFor(call.request.headers['accept-encoding'] ?? '').find(({ ending }) => names.has(path + ending));
    const bytes = await readFile(names.get(path + (encoding?.ending ?? '')) ?? '');
    send(call, bytes, {
      ...SAFE,
      'content-type': typeOf(path),
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding.name } : {}),
      // Their names hold a digest of what is in them.
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    });
  }

  async #list(): Promise<ReadonlyMap<string, string>> {
    const directory = this.#directory;
    if (directory === null) return new Map();
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Map(files.map((file) => [relative(directory, file).replaceAll(sep, '/'), file]));
  }
}

/** `GET /ui` and everything below it. */
export function panelRoutes(files: PanelFiles, rootPath: string): Route[] {
  const place: PanelPlace = { base: `${rootPath}/ui/`, api: '../' };
  return [
    {
      method: 'GET',
      paths: ['/ui', '/ui/*path'],
      rights: 'public',
      group: 'public_routes',
      surface: 'control',
      summary: 'The panel: its page at every address below /ui, and its files.',
      handle: (call) => files.serve(call, call.params['path'] ?? '', place),
    },
  ];
}

function typeOf(path: string): string {
  return TYPES[extname(path)] ?? 'application/octet-stream';
}

function send({ request, response, headers }: RouteCall, bytes: Buffer, more: Record<string, string>, status = 200): void {
  if (more['etag'] !== undefined && request.headers['if-none-match'] === more['etag']) {
    response.writeHead(304, { ...headers, ...more });
    response.end();
    return;
  }
  response.writeHead(status, { ...headers, ...more, 'content-length': String(bytes.length) });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>LLM Gateway</title>
<h1>The panel is not built</h1><p>This server runs from its sources. Run <code>npm run build</code>, then load this page again.</p></html>
`;
