import type { Attempt, ExplainedCall } from '../../../api/calls.ts';
import { count } from '../../../format/number.ts';
import { dateTime, duration } from '../../../format/time.ts';
import { money } from '../../../format/money.ts';
import { t } from '../../../i18n/texts.ts';
import { kindName } from '../failure.ts';
import { limitWords, refusalOf } from '../refusal.ts';

type Names = ReadonlyMap<string, string>;

/** Name of an attempt's provider. */
export const providerOf = ({ provider }: Attempt, names: Names): string => names.get(provider) ?? provider;

/** What an attempt is called in the paragraph: its provider; with its model where the call went to one provider more than once. */
type Naming = (attempt: Attempt) => string;

function namingOf(attempts: readonly Attempt[], names: Names): Naming {
  const several = new Set(attempts.map(({ provider }) => provider)).size < attempts.length;
  return (attempt) =>
    several ? t('call.way.named', { model: attempt.model, provider: providerOf(attempt, names) }) : providerOf(attempt, names);
}

/** Why the call went where it went, in one paragraph. */
export function wayInWords(call: ExplainedCall, names: Names): string {
  const { attempts, marks, requested_model: model } = call.explanation;
  const refusal = refusalOf(call);
  if (refusal) return refusedWords(refusal);
  if (attempts.length === 0) return t(marks.recovered ? 'call.way.recovered' : marks.shortened ? 'call.way.shortened' : 'call.way.none');
  const nameOf = namingOf(attempts, names);
  const sentences = attempts.flatMap((attempt, index) => [
    index === 0 ? choiceWords(attempt, model, nameOf) : stepWords(attempt, nameOf),
    ...(attempt.outcome === 'failed' ? failureWords(attempt, nameOf) : []),
  ]);
  return [...sentences, endWords(call, nameOf)].join(' ');
}

function refusedWords(refusal: NonNullable<ReturnType<typeof refusalOf>>): string {
  const { scope, used, resets_at: resets, limit } = refusal;
  return [
    t('call.way.refused', { limit: limitWords(refusal), scope: scopeName(scope) }),
    used === null ? '' : t('call.way.used', { used: limit === 'budget' ? money(used) : count(Number(used)) }),
    resets === null ? '' : t('call.way.resets', { at: dateTime(resets) }),
    t('call.way.nothing_sent'),
  ]
    .filter(Boolean)
    .join(' ');
}

const SCOPES = ['key', 'user', 'team', 'organization', 'global', 'provider', 'model_per_key', 'model_per_user', 'customer', 'tag'] as const;

function scopeName(scope: string): string {
  const known = SCOPES.find((name) => name === scope);
  return known ? t(`call.scopes.${known}`) : scope;
}

/** Why this deployment, before anything was sent. */
function choiceWords(attempt: Attempt, model: string, nameOf: Naming): string {
  const provider = nameOf(attempt);
  const { by, among, resting, weight = 0, weights = 0, level, levels } = attempt.choice;
  const facts = { model, provider, among, weight: count(weight), weights: count(weights), resting };
  const levelled = level === undefined || levels === undefined ? [] : [t('call.way.level', { model, level, levels })];
  const rested = resting > 0 ? [t('call.way.resting', { count: resting })] : [];
  const drawn = by === 'only' && (levelled.length > 0 || resting > 0) ? t('call.way.only_left', facts) : t(`call.way.by.${by}`, facts);
  return [...levelled, drawn, ...rested].join(' ');
}

/** How the call came to its next attempt. */
function stepWords(attempt: Attempt, nameOf: Naming): string {
  const provider = nameOf(attempt);
  if (attempt.reason === 'fallback') return t('call.way.fallback', { group: attempt.model_group, provider });
  if (attempt.reason === 'next_level') return t('call.way.next_level', { level: attempt.choice.level ?? 0, provider });
  return t('call.way.retry', { provider });
}

function failureWords(attempt: Attempt, nameOf: Naming): string[] {
  const failure = [attempt.status, kindName(attempt.error_class ?? '')].filter(Boolean).join(' ');
  const rests = attempt.rests_ms ? [t('call.way.rests', { time: duration(attempt.rests_ms) })] : [];
  return [t('call.way.failed', { provider: nameOf(attempt), failure }), ...rests];
}

function endWords({ explanation: { attempts, marks } }: ExplainedCall, nameOf: Naming): string {
  const last = attempts.at(-1);
  if (!last) return '';
  if (marks.client_left) return t('call.way.left');
  if (last.outcome !== 'failed') return t('call.way.answered', { provider: nameOf(last) });
  return t('call.way.nobody');
}
