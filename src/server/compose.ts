import { FileStanding } from '../config/file-standing.ts';
import { systemClock } from '../core/clock.ts';
import { PanelHub } from '../web/panel-hub.ts';
import { composeExchange } from './compose/exchange.ts';
import type { ComposeParts, Ground } from './compose/ground.ts';
import { composeIdentity } from './compose/identity.ts';
import { composeListener } from './compose/listener.ts';
import { composeModels } from './compose/models.ts';
import { composeMoney } from './compose/money.ts';
import { composeProviders } from './compose/providers.ts';
import { composeStore } from './compose/store.ts';
import { composeSurfaces } from './compose/surfaces.ts';
import { composeUpkeep } from './compose/upkeep.ts';
import { composeHome } from './home.ts';
import { composeIngress } from './ingress.ts';

/** Every long-lived object of the server, floor by floor; nothing here runs yet. Each floor's own list is in `compose/`. */
export async function compose(given: ComposeParts) {
  const fileStanding = new FileStanding(given.config.warnings);
  const ground: Ground = {
    ...given,
    clock: systemClock,
    live: { config: given.config },
    fileStanding,
    hub: new PanelHub(),
    home: () => home,
  };

  // capabilities, and what they keep things in
  const store = composeStore(ground);
  const money = composeMoney(ground, store, (error) => {
    upkeep.books.flushed(error);
  });
  const identity = composeIdentity(ground, store, money.limits);
  const providers = await composeProviders(ground, store);
  const models = composeModels(ground, store, providers);
  const exchange = composeExchange(ground, store, money, identity, providers, models);
  const upkeep = composeUpkeep(ground, { store, money, identity, models });

  // surfaces, and the listeners before them
  const home = await composeHome({
    ...ground,
    ...money,
    ...identity,
    ...providers,
    ...models,
    ...exchange,
    ...upkeep,
    database: store.database,
    dataDir: given.options.dataDir,
    ssl: (given.tls ?? null) !== null,
    variables: given.load.variables,
    ready: upkeep.books.need,
    port: () => listener.server.port,
  });
  const surfaces = composeSurfaces(ground, { store, money, identity, providers, models, exchange, upkeep, home });
  const listener = composeListener(ground, identity, upkeep, surfaces);
  const ingress = composeIngress({ ...ground, ...identity, ...surfaces, home, variables: given.load.variables });

  const { clock, live, hub } = ground;
  return {
    clock,
    live,
    fileStanding,
    hub,
    home,
    ...store,
    ...money,
    ...identity,
    ...providers,
    ...models,
    ...exchange,
    ...upkeep,
    ...surfaces,
    ...listener,
    ingress,
  };
}

export type Parts = Awaited<ReturnType<typeof compose>>;
