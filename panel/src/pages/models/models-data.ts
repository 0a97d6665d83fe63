import type { ReactiveControllerHost } from 'lit';
import { lookForServers, readFoundServers, type FoundServers } from '../../api/local-servers.ts';
import { listModels, type Model, type ModelPage, type ModelQuestion } from '../../api/models.ts';
import { readProviders, readStates, type DeploymentState, type ProviderDetails } from '../../api/providers.ts';
import type { Session } from '../../api/session.ts';
import { PageData } from '../../page-data.ts';
import { isAdmin, seesAll } from '../../session/session-context.ts';
import type { ModelFacts } from './model-columns.ts';
import { readMonthOfUse, type MonthOfUse } from './model-use.ts';

interface Asked {
  readonly question: ModelQuestion;
  readonly session: Session;
}

/** All that the list of models shows, each part loaded and failing by itself. */
export class ModelsData {
  readonly #asked: () => Asked;
  readonly models: PageData<ModelPage>;
  readonly found: PageData<FoundServers | null>;
  readonly #providers: PageData<ReadonlyMap<string, ProviderDetails>>;
  readonly #states: PageData<ReadonlyMap<string, DeploymentState>>;
  readonly #use: PageData<MonthOfUse>;

  constructor(host: ReactiveControllerHost, asked: () => Asked) {
    this.#asked = asked;
    const sees = () => seesAll(asked().session);
    this.models = new PageData(host, {
      args: () => [JSON.stringify(asked().question)],
      load: (_, signal) => listModels(asked().question, signal),
    });
    this.found = new PageData(host, {
      args: () => [sees(), isAdmin(asked().session)],
      load: (_, signal) => foundServers(asked().session, signal),
    });
    this.#providers = new PageData(host, { args: () => [], load: (_, signal) => readProviders(signal) });
    this.#states = new PageData(host, {
      args: () => [sees()],
      load: (_, signal) => (sees() ? readStates(signal) : Promise.resolve(new Map<string, DeploymentState>())),
    });
    this.#use = new PageData(host, { args: () => [], load: (_, signal) => readMonthOfUse(signal) });
  }

  /** What rows are shown with. */
  get facts(): ModelFacts {
    const stateOf = ({ model_info: { id } }: Model) => this.#states.value?.get(id) ?? null;
    return { nameOf: this.nameOf, stateOf: seesAll(this.#asked().session) ? stateOf : null, use: this.#use.value ?? null };
  }

  readonly nameOf = (id: string) => this.#providers.value?.get(id)?.display_name ?? id;

  /** Models are not what they were. */
  reload(): void {
    this.models.reload();
    this.#states.reload();
    this.#use.reload();
  }

  reloadStates(): void {
    this.#states.reload();
  }
}

/** What was found last; when nobody has looked since the gateway started, who may look looks. */
async function foundServers(session: Session, signal: AbortSignal): Promise<FoundServers | null> {
  if (!seesAll(session)) return null;
  const found = await readFoundServers(signal);
  return found.looked_at === null && isAdmin(session) ? lookForServers() : found;
}
