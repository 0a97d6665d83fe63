import type { Config } from '../config/config.ts';
import type { ReasoningMemory } from '../exchange/reasoning-memory.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Limits } from '../limits/limits.ts';
import type { Router } from '../router/router.ts';
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
  readonly memory: ReasoningMemory;
  /** Told of a configuration that came into force. */
  readonly onConfig: (config: Config) => void;
}

/** Puts a configuration in force: everything that a start reads from it, but for what only a start can do. Calls that run keep theirs. */
export function applyConfig(config: Config, parts: ConfiguredParts): void {
  parts.live.config = config;
  parts.router.reload(parts.models.tableOf(config), routerSettingsOf(config));
  parts.limits.configure(limitSettingsOf(config));
  parts.limits.setGlobalBudget(globalBudgetOf(config));
  parts.ledger.configure(ledgerSettingsOf(config));
  parts.authenticator.useHeader(config.general.keyHeaderName);
  parts.memory.use(config.general.reasoningState !== 'none');
  void parts.modelLists.refresh();
  parts.onConfig(config);
}
