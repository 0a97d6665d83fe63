import { answerJson } from '../../contract/http-json.ts';
import { EndpointList, RouteList, UiConfig, UiSettings } from '../../contract/meta.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Route, RouteCall } from '../../core/route.ts';
import type { Catalogue } from '../../providers/catalogue/catalogue.ts';
import { whyNotCallable } from '../../providers/catalogue/catalogue.ts';
import { templateOf, type ApiFacts } from './templates.ts';

export interface ApiRouteParts {
  /** Every route of the listener, these too. */
  readonly routes: () => readonly Route[];
  readonly facts: ApiFacts;
  readonly catalogue: Catalogue;
}

/** What the gateway says of itself to programs: its routes, and what its pages must know before a log-in (control-plane 14.2). */
export function apiRoutes({ routes, facts, catalogue }: ApiRouteParts): Route[] {
  const shared = { method: 'GET', rights: 'public', group: 'public_routes', surface: 'control' } as const;
  const described = new Description(routes, facts);
  return [
    {
      ...shared,
      paths: ['/openapi.json'],
      summary: 'Describes every route as an OpenAPI 3.1 document.',
      handle: (call) => described.answer(call),
    },
    {
      ...shared,
      paths: ['/routes'],
      summary: 'Lists the routes.',
      shapes: { answer: RouteList },
      handle: (call) => {
        answerJson(call, { routes: routes().flatMap(listed) });
      },
    },
    {
      ...shared,
      paths: ['/public/endpoints'],
      summary: 'Lists what models can be called by, and the providers that serve each.',
      shapes: { answer: EndpointList },
      handle: (call) => {
        answerJson(call, { endpoints: ENDPOINTS.map((endpoint) => ({ ...endpoint, providers: providersOf(endpoint.key, catalogue) })) });
      },
    },
    {
      ...shared,
      paths: ['/.well-known/litellm-ui-config'],
      summary: 'What a page of this gateway must know before somebody logs in.',
      shapes: { answer: UiConfig },
      handle: (call) => {
        answerJson(call, { ...UI_CONFIG, server_root_path: facts.rootPath });
      },
    },
    {
      ...shared,
      paths: ['/sso/get/ui_settings'],
      summary: 'Settings of the log-in.',
      shapes: { answer: UiSettings },
      handle: (call) => {
        answerJson(call, UI_SETTINGS);
      },
    },
  ];
}

/** The document, made at the first question: it and what makes it are not needed by a server that nobody asks. */
class Description {
  readonly #routes: () => readonly Route[];
  readonly #facts: ApiFacts;
  #text: Promise<Buffer> | null = null;

  constructor(routes: () => readonly Route[], facts: ApiFacts) {
    this.#routes = routes;
    this.#facts = facts;
  }

  async answer({ request, response, headers }: RouteCall): Promise<void> {
    const bytes = await (this.#text ??= this.#made());
    response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': String(bytes.length) });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  async #made(): Promise<Buffer> {
    const { apiDocument } = await import('./document.ts');
    return Buffer.from(JSON.stringify(apiDocument(this.#routes(), this.#facts)));
  }
}

function listed({ method, paths }: Route): { path: string; methods: string[]; name: string; endpoint: string }[] {
  const [first = ''] = paths;
  const name = templateOf(first)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('_');
  return paths.map((path) => ({
    path: templateOf(path),
    methods: [method],
    name: name === '' ? 'root' : name,
    endpoint: name === '' ? 'root' : name,
  }));
}

const ENDPOINTS = [
  { key: 'chat_completions', label: 'Chat Completions', endpoint: '/chat/completions' },
  { key: 'responses', label: 'Responses', endpoint: '/v1/responses' },
  { key: 'messages', label: 'Messages', endpoint: '/v1/messages' },
  { key: 'generate_content', label: 'Generate Content', endpoint: '/v1beta/models/{model}:generateContent' },
  { key: 'embeddings', label: 'Embeddings', endpoint: '/embeddings' },
  { key: 'image_generations', label: 'Image Generations', endpoint: '/images/generations' },
  { key: 'image_edits', label: 'Image Edits', endpoint: '/images/edits' },
  { key: 'audio_speech', label: 'Audio Speech', endpoint: '/audio/speech' },
  { key: 'audio_transcriptions', label: 'Audio Transcriptions', endpoint: '/audio/transcriptions' },
] as const;

const WORDS: Readonly<Record<string, RegExp>> = {
  chat_completions: /chat|messages|generate|converse/i,
  responses: /chat|messages|generate|converse/i,
  messages: /chat|messages|generate|converse/i,
  generate_content: /chat|messages|generate|converse/i,
  embeddings: /embed/i,
  image_generations: /^images$/,
  image_edits: /^image_edits$/,
  audio_speech: /^speech$/,
  audio_transcriptions: /^transcriptions$/,
};

function providersOf(key: string, { rows }: Catalogue): { slug: string; display_name: string }[] {
  const words = WORDS[key];
  return rows
    .filter((row) => whyNotCallable(row) === null && row.endpoints.some((endpoint) => words?.test(endpoint) === true))
    .map(({ id, name }) => ({ slug: id, display_name: name }));
}

const UI_CONFIG: JsonObject = {
  proxy_base_url: null,
  auto_redirect_to_sso: false,
  admin_ui_disabled: false,
  sso_configured: false,
  hide_default_credentials_hint: false,
  is_control_plane: false,
  workers: [],
};

const UI_SETTINGS: JsonObject = {
  PROXY_BASE_URL: null,
  PROXY_LOGOUT_URL: null,
  DEFAULT_TEAM_DISABLED: false,
  SSO_ENABLED: false,
  // How many calls there were is nobody's business without a key; nothing here becomes slow with them.
  NUM_SPEND_LOGS_ROWS: 0,
  DISABLE_EXPENSIVE_DB_QUERIES: false,
};
