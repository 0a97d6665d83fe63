import type { Config } from '../config/config.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Limits } from '../limits/limits.ts';
import type { Router } from '../router/router.ts';
import type { KeptTexts } from '../store/kept/kept-texts.ts';
import type { ModelLists } from './model-lists.ts';
import type { Models } from './models.ts';
import { globalBudgetOf, ledgerSettingsOf, limitSettingsOf, routerSettingsOf } from './settings.ts';

export interface ConfiguredParts {
  readonly live: { config: Config };
  readonly router: Router<Upstream>;
  readonly models: Models;
  readonly modelLists: ModelLists;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly authenticator: Authenticator;
  readonly kept: TextKeepers;
  /** Told of a configuration that came into force. */
  readonly onConfig: (config: Config) => void;
}

/** What is kept for later turns of conversations. */
export interface TextKeepers {
  readonly keptReasoning: KeptTexts;
  readonly keptResponses: KeptTexts;
}

/** Tells each keeper where to keep. */
export function useKeepers({ general }: Config, { keptReasoning, keptResponses }: TextKeepers): void {
  keptReasoning.use(general.reasoningState);
  keptResponses.use(general.responsesStore);
}

/** Puts a configuration in force: everything that a start reads from it, but for what only a start can do. Calls that run keep theirs. */
export function applyConfig(config: Config, parts: ConfiguredParts): void {
  parts.live.config = config;
  parts.router.reload(parts.models.tableOf(config), routerSettingsOf(config));
  parts.limits.configure(limitSettingsOf(config));
  parts.limits.setGlobalBudget(globalBudgetOf(config));
  parts.ledger.configure(ledgerSettingsOf(config));
  parts.authenticator.useHeader(config.general.keyHeaderName);
  useKeepers(config, parts.kept);
  void parts.modelLists.refresh();
  parts.onConfig(config);
}
