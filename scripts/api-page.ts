/** Writes docs/api.md from the registered routes, so that page and server cannot differ: `node scripts/api-page.ts`. */
import { systemClock } from '../src/core/clock.ts';
import { GROUP_TITLES, WHO } from '../src/control/api/groups.ts';
import type { Route } from '../src/core/route.ts';
import { HomeCard } from '../src/homeassistant/home-card.ts';
import { routesOf } from '../src/server/routes.ts';
import { writePage } from './generated-page.ts';

/** Stands for parts that a route only uses when it is called; here routes are described and never called. */
const UNUSED = {} as never;

/** Every route of the public listener, not to be called. */
export function registeredRoutes(): Route[] {
  const lists = { known: () => [] };
  return routesOf({
    authenticator: UNUSED,
    home: { routeParts: UNUSED, card: new HomeCard(UNUSED) },
    people: UNUSED,
    users: UNUSED,
    sessions: UNUSED,
    logIn: UNUSED,
    panelFiles: UNUSED,
    apiPage: { show: () => undefined } as never,
    builtIn: true,
    packages: UNUSED,
    rootPath: '',
    clock: systemClock,
    log: UNUSED,
    live: UNUSED,
    fileStanding: UNUSED,
    inputCount: UNUSED,
    responses: UNUSED,
    providerResponses: UNUSED,
    journey: UNUSED,
    passages: UNUSED,
    proofs: UNUSED,
    relay: UNUSED,
    accounts: {} as never,
    router: UNUSED,
    catalogue: UNUSED,
    abilities: UNUSED,
    prices: UNUSED,
    counter: UNUSED,
    limits: UNUSED,
    ledger: UNUSED,
    keys: UNUSED,
    ring: UNUSED,
    audit: UNUSED,
    database: UNUSED,
    books: { need: () => undefined } as never,
    modelLists: lists as never,
    models: UNUSED,
    storedModels: UNUSED,
    storedCredentials: UNUSED,
    deviceLogIn: UNUSED,
    trials: UNUSED,
    cards: UNUSED,
    settings: UNUSED,
    localServers: UNUSED,
    state: UNUSED,
  });
}

/** The page as Markdown. */
export function apiPage(routes: readonly Route[] = registeredRoutes()): string {
  const groups = Map.groupBy(routes, ({ group }) => group);
  return [INTRODUCTION, ...[...groups].map(([group, members]) => `## ${GROUP_TITLES[group]}\n\nGroup \`${group}\`.\n\n${table(members)}`)].join('\n\n') + '\n'; // prettier-ignore
}

const INTRODUCTION = `# Routes

<!-- Made by scripts/api-page.ts from the registered routes. Edit there, and the summaries beside the routes. -->

The interface is that of the LiteLLM Proxy; this page lists what is served here. A key is sent as \`Authorization: Bearer sk-...\`, or bare in \`x-litellm-api-key\`, \`api-key\`, \`x-api-key\`,
\`x-goog-api-key\` or \`Ocp-Apim-Subscription-Key\`. \`:name\` stands for one piece of a path, \`*name\` for the rest of it, \`*name:method\` for the rest up to that method. A slash at the end and doubled slashes are the same path; everything else that
is spelled otherwise is another one. \`HEAD\` works where \`GET\` does. What goes wrong is on the page [errors](errors.md).

\`allowed_routes\` of a key takes the groups named here, paths, prefixes that end in \`*\`, and templates such as \`/v1/models/{id}\`. \`key_type\` sets them: \`llm_api\` to \`llm_api_routes\`, \`management\` to
\`management_routes\` (which holds \`key_management_routes\`; what it changes still needs the master key), \`read_only\` to \`info_routes\`.`;

function table(routes: readonly Route[]): string {
  const rows = routes.map(({ method, paths, rights, alsoIn, group, summary }) => {
    const more = (alsoIn ?? []).filter((one) => one !== group).map((one) => `\`${one}\``);
    return `| \`${method}\` | ${paths.map((path) => `\`${path}\``).join('<br>')} | ${WHO[rights]} | ${(summary ?? '').replaceAll('|', '\\|')}${more.length > 0 ? ` Also in ${more.join(', ')}.` : ''} |`;
  });
  return ['| method | paths | who | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) writePage('api.md', apiPage());
