import { textKey } from '../../../../src/contract/text-key.ts';
import type { ProviderDetails, ProviderField } from '../../api/providers.ts';
import { hasText, t } from '../../i18n/texts.ts';

/** What a field of a provider is called: in the reader's language, or as the server says it. */
export const labelOf = ({ label }: ProviderField): string => translated(label, {}) ?? label;

/** What to enter there. */
export const helperOf = ({ tooltip, tooltip_text: text, tooltip_values: values }: ProviderField): string =>
  (text === null ? null : translated(text, values)) ?? tooltip ?? '';

function translated(text: string, values: Record<string, string>): string | null {
  const key = `providers.fields.${textKey(text)}`;
  return hasText(key) ? t(key, values) : null;
}

/** `Chat, embeddings, images`: what a provider is for. */
export function describe(uses: ProviderDetails['uses']): string {
  const line = uses.map((use) => t(`models.uses.${use}`)).join(', ');
  return capital(line);
}

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Why a provider cannot be called. */
export function obstacleOf({ obstacle, reason }: ProviderDetails): string {
  const key = `providers.obstacles.${textKey(obstacle ?? '')}`;
  return obstacle !== null && hasText(key) ? capital(t(key)) : (reason ?? '');
}
