import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';

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
/** What gets smaller when packed. */
const PACKABLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest']);
const LEAST_PACKED = 1024;

/** No script and no style that does not come from here (home-assistant HA-ING-3). */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

interface Kept {
  readonly bytes: Buffer;
  readonly type: string;
  readonly packed: Map<'br' | 'gzip', Buffer>;
}

const packers = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
} as const;

/**
 * The built panel. Its few files are read at their first request and kept, packed as well: nothing is read by a name that a
 * request gave.
 */
export class PanelFiles {
  readonly #directory: string | null;
  #names: Promise<ReadonlyMap<string, string>> | null = null;
  readonly #kept = new Map<string, Promise<Kept>>();

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
    const file = names.get(path);
    if (file !== undefined && path !== 'index.html') {
      await this.#file(call, file, path);
      return;
    }
    if (path.startsWith('assets/')) throw new NotFoundError('The panel has no such file.');
    await this.#page(call, place);
  }

  async #page(call: RouteCall, { base, api }: PanelPlace): Promise<void> {
    const { bytes, type } = await this.#read(join(this.#directory ?? '', 'index.html'));
    const page = bytes.toString('utf8').replaceAll('%BASE%', base).replaceAll('%API%', api);
    send(call, Buffer.from(page), { ...SAFE, 'content-type': type, 'cache-control': 'no-store' });
  }

  async #file(call: RouteCall, file: string, path: string): Promise<void> {
    const kept = await this.#read(file);
    const encoding = kept.bytes.length >= LEAST_PACKED && PACKABLE.has(extname(file)) ? encodingFor(call) : null;
    const bytes = encoding === null ? kept.bytes : await packed(kept, encoding);
    send(call, bytes, {
      ...SAFE,
      'content-type': kept.type,
      vary: 'accept-encoding',
      ...(encoding === null ? {} : { 'content-encoding': encoding }),
      // Their names hold a digest of what is in them.
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(kept.bytes).digest('base64url').slice(0, 22)}"`,
    });
  }

  #read(file: string): Promise<Kept> {
    let kept = this.#kept.get(file);
    if (!kept) {
      kept = readFile(file).then((bytes) => ({ bytes, type: TYPES[extname(file)] ?? 'application/octet-stream', packed: new Map() }));
      this.#kept.set(file, kept);
    }
    return kept;
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

function encodingFor({ request }: RouteCall): 'br' | 'gzip' | null {
  const accepted = request.headers['accept-encoding'] ?? '';
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
}

async function packed({ bytes, packed: known }: Kept, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const done = known.get(encoding) ?? (await packers[encoding](bytes));
  known.set(encoding, done);
  return done;
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
