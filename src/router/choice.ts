import type { Deployment } from '../core/deployment.ts';

/** Why one deployment of several was chosen, for the explanation of a call. Plain values: it stands in the row as it is. */
export interface Choice {
  /** By what the draw was weighted; `id`: the call named the deployment; `only`: nobody else could be chosen. */
  readonly by: 'weight' | 'rpm' | 'tpm' | 'even' | 'id' | 'only';
  /** Deployments that could be chosen. */
  readonly among: number;
  /** Deployments of the level that rested. */
  readonly resting: number;
  /** The chosen one's share of the draw, where it was weighted: `weight` of `weights`. */
  readonly weight?: number;
  readonly weights?: number;
  /** Which order level of the group this is, from 1, where there are several. */
  readonly level?: number;
  readonly levels?: number;
}

/** What draws go by when candidates have it, first things first (data-plane 14.5). */
export const WEIGHTS = ['weight', 'rpm', 'tpm'] as const;

/** What a draw among these goes by; null: all are equal. */
export function weighing(candidates: readonly Deployment[]): (typeof WEIGHTS)[number] | null {
  return WEIGHTS.find((key) => candidates.some((candidate) => candidate[key] !== null)) ?? null;
}

/** @param candidates those that could be chosen, the chosen one among them */
export function choiceOf(chosen: Deployment, candidates: readonly Deployment[], resting: number): Choice {
  const among = candidates.length;
  if (among === 1) return { by: 'only', among, resting };
  const by = weighing(candidates);
  const weights = by === null ? 0 : candidates.reduce((sum, candidate) => sum + Math.max(0, candidate[by] ?? 0), 0);
  if (by === null || weights <= 0) return { by: 'even', among, resting };
  return { by, among, resting, weight: Math.max(0, chosen[by] ?? 0), weights };
}
