import { groupOf as modelGroupOf } from '../../src/router/model-table.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Deployment, ModelGroup } from '../../src/core/deployment.ts';
import { ProviderError, type ProviderFailure } from '../../src/core/provider-error.ts';

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  ms = 1_800_000_000_000;
  readonly now = (): number => this.ms;
  readonly elapsed = (): number => this.ms;
  pass(ms: number): void {
    this.ms += ms;
  }
}

/** A deployment as far as the router looks at it. */
export function deployment(id: string, more: Partial<Deployment> = {}): Deployment {
  return {
    id,
    group: 'g',
    provider: 'openai',
    model: 'm',
    order: 1,
    weight: null,
    rpm: null,
    tpm: null,
    retries: null,
    cooldownMs: null,
    info: {},
    ...more,
  } as Deployment;
}

export function groupOf(...deployments: readonly Deployment[]): ModelGroup {
  return modelGroupOf('g', deployments, []);
}

export function failure(status: number, more: Partial<ProviderFailure> = {}): ProviderError {
  return new ProviderError({ class: 'APIError', status, message: 'no', ...more });
}
