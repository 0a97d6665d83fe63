import type { Deployment } from '../core/deployment.ts';
import { weighing } from './choice.ts';

/**
 * Weighted random choice (`simple-shuffle`, data-plane 14.5): by `weight` when any candidate has one (missing counts 0,
 * all 0 is uniform), else by `rpm`, else by `tpm`, else uniform.
 *
 * @param candidates not empty
 * @param random a number in [0, 1)
 */
export function shuffled<T extends Deployment>(candidates: readonly T[], random: () => number): T {
  const only = candidates[0] as T;
  if (candidates.length === 1) return only;
  const weights = weightsOf(candidates);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return candidates[Math.floor(random() * candidates.length)] ?? only;
  let rest = random() * total;
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return candidates[index] ?? only;
  }
  return candidates.findLast((_, index) => (weights[index] ?? 0) > 0) ?? only;
}

function weightsOf(candidates: readonly Deployment[]): number[] {
  const key = weighing(candidates);
  return candidates.map((candidate) => (key === null ? 1 : Math.max(0, candidate[key] ?? 0)));
}
