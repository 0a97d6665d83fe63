import { mdiBrain, mdiChartBar, mdiChat, mdiCog, mdiFormatListBulletedType, mdiKeyVariant, mdiViewDashboard } from '@mdi/js';
import type { TextKey } from '../i18n/texts.ts';

export interface PageRoute {
  /** Path below the base. A segment that starts with a colon takes one value; ids with slashes go in base64url. */
  readonly path: string;
  /** The element that shows it, defined by what `load` fetches. */
  readonly tag: string;
  readonly load: () => Promise<unknown>;
  readonly title: TextKey;
  /** Path of the tab it belongs to. A route with another path than its tab has a back arrow and a title instead of tabs. */
  readonly tab: string;
  /** Ids of `?page=` that mean this page. */
  readonly ids?: readonly string[];
}

/** Order of the header. The first four stay in the bottom bar when narrow, the rest is behind More. */
export const TABS = [
  { path: '', label: 'tabs.overview', icon: mdiViewDashboard },
  { path: 'models', label: 'tabs.models', icon: mdiBrain },
  { path: 'keys', label: 'tabs.keys', icon: mdiKeyVariant },
  { path: 'usage', label: 'tabs.usage', icon: mdiChartBar },
  { path: 'logs', label: 'tabs.logs', icon: mdiFormatListBulletedType },
  { path: 'playground', label: 'tabs.playground', icon: mdiChat },
  { path: 'settings', label: 'tabs.settings', icon: mdiCog },
] as const satisfies readonly { path: string; label: TextKey; icon: string }[];

/** Every page. A page is fetched when it is first opened. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: '',
    tag: 'gw-overview-page',
    load: () => import('../pages/overview/overview-page.ts'),
    title: 'tabs.overview',
    tab: '',
  },
  {
    path: 'models',
    tag: 'gw-models-page',
    load: () => import('../pages/models/models-page.ts'),
    title: 'tabs.models',
    tab: 'models',
    ids: ['models'],
  },
  {
    path: 'models/:id',
    tag: 'gw-model-page',
    load: () => import('../pages/models/model-page.ts'),
    title: 'models.one',
    tab: 'models',
  },
  {
    path: 'keys',
    tag: 'gw-keys-page',
    load: () => import('../pages/keys/keys-page.ts'),
    title: 'tabs.keys',
    tab: 'keys',
    ids: ['api-keys'],
  },
  {
    path: 'keys/:hash',
    tag: 'gw-key-page',
    load: () => import('../pages/keys/key-page.ts'),
    title: 'keys.key',
    tab: 'keys',
  },
  {
    path: 'people',
    tag: 'gw-people-page',
    load: () => import('../pages/people/people-page.ts'),
    title: 'people.title',
    tab: 'keys',
    ids: ['users'],
  },
  {
    path: 'usage',
    tag: 'gw-usage-page',
    load: () => import('../pages/usage/usage-page.ts'),
    title: 'tabs.usage',
    tab: 'usage',
    ids: ['new_usage', 'usage', 'cost-tracking', 'customers'],
  },
  {
    path: 'logs',
    tag: 'gw-logs-page',
    load: () => import('../pages/logs/logs-page.ts'),
    title: 'tabs.logs',
    tab: 'logs',
    ids: ['logs'],
  },
  {
    path: 'logs/:id',
    tag: 'gw-call-page',
    load: () => import('../pages/logs/call-page.ts'),
    title: 'call.title',
    tab: 'logs',
  },
  {
    path: 'playground',
    tag: 'gw-playground-page',
    load: () => import('../pages/playground/playground-page.ts'),
    title: 'tabs.playground',
    tab: 'playground',
    ids: ['llm-playground'],
  },
  {
    path: 'settings',
    tag: 'gw-settings-page',
    load: () => import('../pages/settings/settings-page.ts'),
    title: 'tabs.settings',
    tab: 'settings',
    ids: ['router-settings', 'general-settings', 'budgets', 'logging-and-alerts', 'settings', 'admin-panel', 'caching'],
  },
];

export interface Match {
  readonly route: PageRoute;
  readonly params: Readonly<Record<string, string>>;
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return null;
  }
  return params;
}

/** The page at a path below the base, no slash in front; `null` when there is none. */
export function matchRoute(path: string): Match | null {
  for (const route of ROUTES) {
    const params = paramsOf(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

/** Path of the page that LiteLLM's own addresses call by an id, `?page=api-keys`. */
export function pathOfId(id: string): string | null {
  return ROUTES.find(({ ids }) => ids?.includes(id))?.path ?? null;
}
