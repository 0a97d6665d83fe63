import { performance } from 'node:perf_hooks';
import type { Home } from '../../homeassistant/home.ts';
import { ConfiguredRoutes } from '../../gateway/pass-through/configured-routes.ts';
import { ApiPage } from '../../web/api-page.ts';
import { PanelFiles } from '../../web/panel-files.ts';
import { Overload } from '../overload.ts';
import { PassThroughAccounts } from '../pass-through-accounts.ts';
import { callPartsOf, passPartsOf, routesOf, type RouteParts } from '../routes.ts';
import { readShippedPackages } from '../shipped-packages.ts';
import type { ExchangeParts } from './exchange.ts';
import type { Ground } from './ground.ts';
import type { ProviderParts } from './providers.ts';
import type { KeptParts, UpkeepParts } from './upkeep.ts';

export interface SurfacedParts extends KeptParts {
  readonly providers: ProviderParts;
  readonly exchange: ExchangeParts;
  readonly upkeep: UpkeepParts;
  readonly home: Home;
}

/** What callers meet, whichever listener they come by: the routes, the panel's files, and when calls are turned away. */
export function composeSurfaces(ground: Ground, parts: SurfacedParts) {
  const { assets, clock, config, fileStanding, live, log } = ground;
  const { store, money, identity, providers, models, exchange, upkeep, home } = parts;
  const rootPath = config.environment.serverRootPath;
  const panelFiles = new PanelFiles(assets.panel);
  const accounts = new PassThroughAccounts({ config: () => live.config, table: () => models.router.table, ...models, ...providers });
  const routeParts: RouteParts = {
    clock,
    log,
    live,
    fileStanding,
    rootPath,
    home,
    ...money,
    ...identity,
    ...providers,
    ...models,
    ...exchange,
    ...upkeep,
    database: store.database,
    builtIn: store.embedded !== null,
    packages: () => readShippedPackages(assets.packages),
    panelFiles,
    apiPage: new ApiPage(assets.swagger, rootPath),
    accounts,
  };
  const configured = new ConfiguredRoutes(
    { ...passPartsOf(routeParts, callPartsOf(routeParts)), endpointAccount: accounts.ofEndpoint },
    () => live.config.general.passThroughEndpoints,
  );
  const routes = routesOf(routeParts);
  const { journey, passages } = exchange;
  const overload = new Overload({
    waiting: () => journey.waiting + passages.waiting,
    now: clock.elapsed,
    idle: () => performance.nodeTiming.idleTime,
  });
  return { routes, configured, panelFiles, overload };
}

export type SurfaceParts = ReturnType<typeof composeSurfaces>;
