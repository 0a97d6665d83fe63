import type { Logger } from 'pino';
import type { ActionAnswer, AskedAction } from '../../contract/bridge/actions.ts';
import { BadRequestError, BodyValidationError, ConflictError, NotFoundError, PermissionError } from '../../core/errors.ts';
import type { Asker } from './asker.ts';
import type { BudgetActions } from './budget-actions.ts';
import type { KeyActions } from './key-actions.ts';
import type { ModelActions } from './model-actions.ts';
import type { UsageAction } from './usage-action.ts';

export interface ActionParts {
  readonly log: Logger;
  readonly usage: UsageAction;
  readonly budgets: BudgetActions;
  readonly keys: KeyActions;
  readonly models: Pick<ModelActions<never>, 'refresh' | 'test' | 'setEnabled'>;
}

/** What Home Assistant can ask for (home-assistant 16.6). */
export class Actions {
  readonly #parts: ActionParts;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** Never rejects: what goes wrong is told in the answer. */
  async run(asked: AskedAction, asker: Asker, zone: string): Promise<ActionAnswer> {
    try {
      return { ok: true, result: await this.#run(asked, asker, zone) };
    } catch (error) {
      return { ok: false, error: this.#refusal(asked.action, error) };
    }
  }

  #run({ action, data }: AskedAction, asker: Asker, zone: string): Promise<Record<string, unknown>> {
    const { budgets, keys, models, usage } = this.#parts;
    switch (action) {
      case 'get_usage':
        return usage.run(data, zone);
      case 'set_budget':
        return budgets.set(data, asker);
      case 'reset_budget':
        return budgets.reset(data, asker);
      case 'block_key':
      case 'unblock_key':
        return keys.block(data.key_id, action === 'block_key', asker, zone);
      case 'refresh_models':
        return models.refresh();
      case 'test_provider':
        return models.test(data.provider_id);
      case 'set_model_enabled':
        return models.setEnabled(data, asker);
    }
  }

  #refusal(action: string, error: unknown): { code: 'not_found' | 'conflict' | 'forbidden' | 'invalid' | 'failed'; message: string } {
    const message = error instanceof Error ? error.message : '';
    if (error instanceof NotFoundError) return { code: 'not_found', message };
    if (error instanceof ConflictError) return { code: 'conflict', message };
    if (error instanceof PermissionError) return { code: 'forbidden', message };
    if (error instanceof BadRequestError || error instanceof BodyValidationError) return { code: 'invalid', message };
    this.#parts.log.warn({ err: error }, `Home Assistant asked for ${action}, which failed`);
    return { code: 'failed', message: 'The gateway could not do this now. Its log tells why.' };
  }
}
