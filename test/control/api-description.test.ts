import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAsked, type AskedGateway } from './asking-for-keys.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { schema: Record<string, unknown> }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { schema: Record<string, unknown> }> }
  >;
  readonly security?: unknown[];
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: { readonly url: string }[];
  readonly security: Record<string, unknown>[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: Record<string, unknown> };
}

let gateway: AskedGateway;
let document: Document;
let answered: unknown[];

beforeAll(async () => {
  gateway = await startAsked('model_list: []\n');
  const answer = await gateway.call('GET', '/openapi.json', undefined, null);
  answered = [answer.status, answer.headers.get('content-type')];
  document = (await answer.json()) as Document;
});

afterAll(() => gateway.stop());

function operations(): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Every object in a value, with the path to it. */
function* objectsIn(value: unknown, at = '#'): Generator<readonly [string, Record<string, unknown>]> {
  if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* objectsIn(one, `${at}/${index}`);
  else if (typeof value === 'object' && value !== null) {
    yield [at, value as Record<string, unknown>];
    for (const [name, one] of Object.entries(value)) yield* objectsIn(one, `${at}/${name}`);
  }
}

function at(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (value, step) => (value as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );
}

describe('the description of the API', () => {
  test('is an OpenAPI 3.1 document of this version, whose every reference leads somewhere', () => {
    expect(answered).toEqual([200, 'application/json']);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'LLM Gateway' }, servers: [{ url: '/' }] });
    const references = [...objectsIn(document)].filter(([, { $ref: to }]) => typeof to === 'string');
    expect(references.length).toBeGreaterThan(20);
    for (const [place, { $ref: to }] of references) expect(at(String(to)), `${place} → ${String(to)}`).toBeDefined();
  });

  test('has every route, once each', () => {
    const registered = gateway.parts.routes.flatMap(({ method, paths }) =>
      paths.map((path) => `${method} ${path.replaceAll(/(?<=\/)[:*](\w+)/g, '{$1}')}`),
    );
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(described.toSorted()).toEqual(registered.toSorted());
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('declares the parameters of every path, and no others', () => {
    for (const { path, method, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter(({ in: place }) => place === 'path');
      expect(
        declared.map(({ name }) => name),
        `${method} ${path}`,
      ).toEqual(named);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  test('says of every route what it does, how it answers and what a refusal looks like', () => {
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, `${method} ${path}`).toMatch(/\.$/);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '500']));
      for (const [status, { content, description }] of Object.entries(operation.responses)) {
        expect(description).not.toBe('');
        if (status !== '200') expect(content?.['application/json']?.schema['$ref']).toMatch(/Error$/);
      }
    }
  });

  test('asks for a key where one is needed, by schemes that it describes', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    expect(document.security.flatMap((one) => Object.keys(one))).toEqual(schemes);
    const open = operations().filter(({ operation }) => operation.security?.length === 0);
    const registered = gateway.parts.routes.filter(({ rights }) => rights === 'public').flatMap(({ paths }) => paths);
    expect(open).toHaveLength(registered.length);
    expect(open.map(({ path }) => path)).toContain('/health/liveliness');
    expect(open.map(({ path }) => path)).not.toContain('/key/generate');
  });

  test('describes the body of every route that takes one', () => {
    const without = operations()
      .filter(({ method, operation }) => ['post', 'put', 'patch'].includes(method) && !operation.requestBody)
      .map(({ path }) => path);
    // A form, and routes that read no body.
    expect(without.filter((path) => !path.endsWith('/cancel'))).toEqual([
      '/login',
      '/logout',
      '/credentials/github_copilot/device',
      '/global/spend/reset',
      '/global/spend/refresh',
    ]);
  });

  test('shows members that the handlers read, in the form in which they take them', () => {
    const schema = document.paths['/key/generate']?.['post']?.requestBody?.content['application/json']?.schema as {
      properties: Record<string, unknown>;
    };
    expect(schema.properties['max_budget']).toEqual({ type: ['number', 'string', 'null'] });
    expect(schema.properties['rpm_limit']).toMatchObject({ anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }] });
    expect(at('#/components/schemas/ChatRequest')).toMatchObject({
      required: ['model', 'messages'],
      properties: { stream: { type: 'boolean' } },
      additionalProperties: {},
    });
    const chat = document.paths['/v1/chat/completions']?.['post'];
    expect(Object.keys(chat?.responses['200']?.content ?? {})).toEqual(['application/json', 'text/event-stream']);
    const form = document.paths['/v1/audio/transcriptions']?.['post']?.requestBody?.content;
    expect(Object.keys(form ?? {})).toEqual(['multipart/form-data']);
    const page = document.paths['/audit']?.['get']?.parameters?.find(({ name }) => name === 'page_size');
    expect(page).toMatchObject({ in: 'query', schema: { type: 'integer', maximum: 100, default: 10 } });
  });

  test('tells no secret and no place on this machine', () => {
    const text = JSON.stringify(document);
    for (const secret of [gateway.masterKey, gateway.directory, gateway.database.url, '/work/']) expect(text).not.toContain(secret);
  });
});

test('an answer fits the schema that describes it', async () => {
  const key = await gateway.made({ max_budget: 1 });
  const answers: readonly (readonly [string, string, unknown])[] = [
    ['/key/generate', 'post', key.body],
    ['/key/list', 'get', (await gateway.get('/key/list?return_full_object=true')).body],
    ['/key/info', 'get', (await gateway.get(`/key/info?key=${String(key.body['key'])}`)).body],
    ['/audit', 'get', (await gateway.get('/audit')).body],
    ['/config/list', 'get', (await gateway.get('/config/list')).body],
    ['/router/settings', 'get', (await gateway.get('/router/settings')).body],
    ['/credentials', 'get', (await gateway.get('/credentials')).body],
    ['/health/readiness/details', 'get', (await gateway.get('/health/readiness/details')).body],
    ['/routes', 'get', (await gateway.get('/routes')).body],
    ['/public/endpoints', 'get', (await gateway.get('/public/endpoints')).body],
    ['/.well-known/litellm-ui-config', 'get', (await gateway.get('/.well-known/litellm-ui-config')).body],
    ['/sso/get/ui_settings', 'get', (await gateway.get('/sso/get/ui_settings')).body],
    ['/global/spend', 'get', (await gateway.get('/global/spend')).body],
    ['/v1/models', 'get', (await gateway.get('/v1/models')).body],
  ];
  for (const [path, method, body] of answers) {
    const route = gateway.parts.routes.find(({ paths, method: own }) => paths.includes(path) && own.toLowerCase() === method);
    const result = route?.shapes?.answer?.safeParse(body);
    expect(result?.error?.issues ?? (result ? [] : 'no schema'), path).toEqual([]);
  }
});

test('the list of routes holds itself and the routes of keys, and is public', async () => {
  const answer = await gateway.call('GET', '/routes', undefined, null);
  const { routes } = (await answer.json()) as { routes: { path: string; methods: string[] }[] };
  expect(routes).toContainEqual({ path: '/routes', methods: ['GET'], name: 'routes', endpoint: 'routes' });
  expect(routes).toContainEqual(expect.objectContaining({ path: '/key/generate', methods: ['POST'] }));
});

test('what models can be called by is listed with its providers', async () => {
  const { body } = await gateway.get('/public/endpoints');
  const endpoints = body['endpoints'] as { key: string; providers: { slug: string }[] }[];
  expect(endpoints.map(({ key }) => key)).toEqual([
    'chat_completions',
    'responses',
    'messages',
    'generate_content',
    'embeddings',
    'image_generations',
    'image_edits',
    'audio_speech',
    'audio_transcriptions',
  ]);
  for (const { providers } of endpoints) expect(providers.map(({ slug }) => slug)).toContain('openai');
  const [chat, responses, messages, generate, embeddings] = endpoints.map(({ providers }) => providers.map(({ slug }) => slug));
  expect(chat).toContain('anthropic');
  expect(responses).toEqual(chat);
  expect(messages).toEqual(chat);
  expect(generate).toEqual(chat);
  expect(embeddings).not.toContain('anthropic');
});

describe('the address itself', () => {
  test('shows the page to a browser and a sentence to a program', async () => {
    const page = await gateway.call('GET', '/', undefined, null, { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toContain('<div id="swagger-ui">');
    for (const accept of ['*/*', 'application/json']) {
      const sentence = await gateway.call('GET', '/', undefined, null, { accept });
      expect(((await sentence.json()) as { message: string }).message).toContain('LLM Gateway is here');
      expect(sentence.headers.get('vary')).toBe('accept');
    }
  });

  test.each(['/docs', '/redoc'])('%s shows the same page', async (path) => {
    const page = await gateway.call('GET', path, undefined, null);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('/docs/files/swagger-ui-bundle.js')]);
  });

  test('serves the files of the page and no others', async () => {
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'start.js']) {
      const file = await gateway.call('GET', `/docs/files/${name}`, undefined, null);
      expect([name, file.status, (await file.arrayBuffer()).byteLength > 100]).toEqual([name, 200, true]);
      const etag = file.headers.get('etag');
      if (etag) expect((await gateway.call('GET', `/docs/files/${name}`, undefined, null, { 'if-none-match': etag })).status).toBe(304);
    }
    for (const name of ['package.json', 'index.html', '..%2fpackage.json', 'constructor'])
      expect((await gateway.call('GET', `/docs/files/${name}`, undefined, null)).status, name).toBe(404);
    const plain = await fetch(`${gateway.url}/docs/files/swagger-ui.css`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect((await plain.text()).length).toBeGreaterThan(100_000);
  });
});
