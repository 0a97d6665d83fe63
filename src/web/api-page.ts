import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';

/** Nothing but files from here, and no script or style inside the page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Files of swagger-ui-dist that the page needs; nothing is read by a name that a request gave. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** What a build copies from swagger-ui-dist. */
export const API_PAGE_FILES: readonly string[] = Object.keys(FILES);

/** Begins the page: its own file, for scripts inside the page are not allowed. No validator on the Internet is asked. */
const START = `SwaggerUIBundle({
  url: document.currentScript.dataset.document,
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
});
`;

interface Packed {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** The page that shows the API and tries it, with its files (control-plane 14.2). */
export class ApiPage {
  readonly #directory: string;
  readonly #rootPath: string;
  readonly #packed = new Map<string, Promise<Packed>>();

  /**
   * @param directory of swagger-ui-dist
   * @param rootPath path in front of every route, without a slash at its end
   */
  constructor(directory: string, rootPath: string) {
    this.#directory = directory;
    this.#rootPath = rootPath;
  }

  /** Answers with the page. */
  readonly show = (call: RouteCall): void => {
    send(call, Buffer.from(pageFor(this.#rootPath)), {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept',
    });
  };

  /** Answers with one of its files. */
  async file(call: RouteCall, name: string): Promise<void> {
    if (name === 'start.js') {
      send(call, Buffer.from(START), { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' });
      return;
    }
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (type === undefined) throw new NotFoundError('The page of the API has no such file.');
    const { bytes, etag } = await this.#read(name);
    const headers = { 'content-type': type, 'cache-control': 'public, max-age=86400', vary: 'accept-encoding', etag };
    if (call.request.headers['if-none-match'] === etag) send(call, null, headers, 304);
    else if (/\bgzip\b/.test(call.request.headers['accept-encoding'] ?? '')) send(call, bytes, { ...headers, 'content-encoding': 'gzip' });
    else send(call, await readFile(join(this.#directory, name)), headers);
  }

  /** Packed once, at the first request, and kept so: the file itself has a megabyte and a half. */
  #read(name: string): Promise<Packed> {
    let packed = this.#packed.get(name);
    if (!packed) {
      packed = readFile(join(this.#directory, name)).then(async (whole) => ({
        bytes: await promisify(gzip)(whole, { level: 9 }),
        etag: `"${createHash('sha256').update(whole).digest('base64url').slice(0, 22)}"`,
      }));
      this.#packed.set(name, packed);
    }
    return packed;
  }
}

/** `/docs`, `/redoc` and the files below `/docs/files`; `/` shows the same page to browsers. */
export function apiPageRoutes(page: ApiPage): Route[] {
  const shared = { method: 'GET', rights: 'public', group: 'public_routes', surface: 'control' } as const;
  return [
    { ...shared, paths: ['/docs', '/redoc'], summary: 'A page that shows these routes and tries them.', handle: page.show },
    {
      ...shared,
      paths: ['/docs/files/:name'],
      summary: 'Files of that page: script, style and icon.',
      handle: (call) => page.file(call, call.params['name'] ?? ''),
    },
  ];
}

function pageFor(rootPath: string): string {
  const files = `${rootPath}/docs/files`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>LLM Gateway API</title>
<link rel="icon" type="image/png" href="${files}/favicon-32x32.png">
<link rel="stylesheet" href="${files}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript. The description of the API stands at <a href="${rootPath}/openapi.json">openapi.json</a>.</noscript>
<script src="${files}/swagger-ui-bundle.js"></script>
<script src="${files}/start.js" data-document="${rootPath}/openapi.json"></script>
</body>
</html>
`;
}

function send({ request, response, headers }: RouteCall, bytes: Buffer | null, more: Record<string, string>, status = 200): void {
  response.writeHead(status, { ...headers, ...SAFE, ...more, ...(bytes === null ? {} : { 'content-length': String(bytes.length) }) });
  response.end(request.method === 'HEAD' ? undefined : (bytes ?? undefined));
}
