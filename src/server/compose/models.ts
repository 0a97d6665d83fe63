import { newsOf } from '../../control/provider-states.ts';
import { StoredCredentials } from '../../providers/stored/credentials.ts';
import { StoredModels } from '../../providers/stored/models.ts';
import { Router } from '../../router/router.ts';
import { DeploymentBuilder } from '../deployments.ts';
import { ModelLists } from '../model-lists.ts';
import { Models } from '../models.ts';
import { smallText } from '../small-text.ts';
import { routerSettingsOf } from '../settings.ts';
import type { Ground } from './ground.ts';
import type { ProviderParts } from './providers.ts';
import type { StoreParts } from './store.ts';

/** Which models there are, from the file and from the database, and which deployment a call goes to. */
export function composeModels({ clock, config, home, hub, live, log }: Ground, { database, sealer }: StoreParts, providers: ProviderParts) {
  const { abilities, catalogue, egress, prices, transport } = providers;
  const builder = new DeploymentBuilder({ catalogue, abilities, prices, egress, readText: smallText });
  /** What a change in the database does. */
  const applyModels = (): void => {
    router.reload(models.tableOf(live.config), routerSettingsOf(live.config));
    void modelLists.refresh();
    hub.tell('state', { what: 'models' });
    home().stateChanged();
  };
  const storedModels = new StoredModels({ clock, database, sealer, onChange: applyModels });
  const storedCredentials = new StoredCredentials({ clock, database, sealer, onChange: applyModels });
  const models = new Models({ builder, stored: storedModels, credentials: storedCredentials, log });
  const router = new Router({ clock, random: Math.random, settings: routerSettingsOf(config) }, models.tableOf(config));
  router.states.onChange((change) => {
    // Not the provider's words: they may repeat the prompt.
    if (change.recovered) log.info(`${change.provider} answers again`);
    else if (change.state === 'down') log.warn(`${change.provider} does not answer any more; the panel tells more`);
    hub.tell('providers', newsOf(change), { userId: null });
    home().providerChanged(change);
  });
  const modelLists = new ModelLists({ transport, prices, table: () => router.table });
  return { storedModels, storedCredentials, models, router, modelLists, applyModels };
}

export type ModelParts = ReturnType<typeof composeModels>;
