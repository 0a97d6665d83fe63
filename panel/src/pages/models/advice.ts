import type { ConnectionTestAnswer } from '../../../../src/contract/connection-test.ts';
import { t, type TextKey } from '../../i18n/texts.ts';

type Result = ConnectionTestAnswer['result'];
type Cause = NonNullable<Result['cause']>;

interface Words {
  /** What happened, over the alert. */
  readonly title: TextKey;
  /** What to do, beside the field that it most likely concerns; none where the provider's words say it. */
  readonly advice: TextKey | null;
}

const WORDS: Readonly<Record<Cause, Words>> = {
  key_refused: { title: 'models.failed.key_refused', advice: 'models.advice.key_refused' },
  unknown_model: { title: 'models.failed.unknown_model', advice: 'models.advice.unknown_model' },
  no_answer: { title: 'models.failed.no_answer', advice: 'models.advice.no_answer' },
  timeout: { title: 'models.failed.timeout', advice: 'models.advice.timeout' },
  quota: { title: 'models.failed.quota', advice: 'models.advice.quota' },
  wrong_address: { title: 'models.failed.wrong_address', advice: 'models.advice.wrong_address' },
  refused_address: { title: 'models.failed.refused_address', advice: 'models.advice.refused_address' },
  invalid_settings: { title: 'models.failed.invalid_settings', advice: null },
  provider_error: { title: 'models.failed.provider_error', advice: null },
};

/** Over the alert: "Anthropic did not accept the API key". */
export function failureTitle({ cause }: Result, provider: string): string {
  return t(WORDS[cause ?? 'provider_error'].title, { provider });
}

/** Beside the field. */
export function failureAdvice({ cause, error }: Result, provider: string): string {
  const { advice } = WORDS[cause ?? 'provider_error'];
  return advice ? t(advice, { provider }) : (error ?? '');
}
