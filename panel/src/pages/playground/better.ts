import { decimal } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import type { Answer } from './answer.ts';

/** What is better about an answer than about the other one, in a word each; null: nothing worth a mark. */
export interface Better {
  readonly cost: string | null;
  readonly firstToken: string | null;
}

const NOTHING: Better = { cost: null, firstToken: null };
/** Less of a difference is chance. */
const LEAST = 1.1;

/** Compares two answers to one question; only when both are whole. */
export function betterOf(answer: Answer, other: Answer): Better {
  if (answer.state !== 'done' || other.state !== 'done' || answer === other) return NOTHING;
  return { cost: cheaper(answer, other), firstToken: sooner(answer, other) };
}

function cheaper(answer: Answer, other: Answer): string | null {
  const { cost, unpriced } = answer;
  if (cost === null || other.cost === null || unpriced || other.unpriced || cost * LEAST > other.cost || other.cost === 0) return null;
  const times = cost === 0 ? Infinity : other.cost / cost;
  if (times < 1.5 || times > 1000) return t('playground.less');
  return t('playground.times_less', { times: decimal(times, times < 3 ? 1 : 0) });
}

function sooner({ firstTokenMs }: Answer, other: Answer): string | null {
  if (firstTokenMs === null || other.firstTokenMs === null) return null;
  return firstTokenMs * LEAST < other.firstTokenMs ? t('playground.sooner') : null;
}
