import type { JsonObject } from '../../../core/json-object.ts';
import type { ReasoningPart } from '../../../core/parts.ts';
import { present } from '../request-fields.ts';

/** Where the thoughts of this dialect come from, as the hub says it. */
export const ORIGIN = 'responses';

/**
 * What a provider needs of a thought to read it again, as one text: `<provider>.<item id>.<encrypted content>`. It is of no use to
 * another provider, which is told by its first part.
 *
 * @returns undefined when the item has nothing encrypted
 */
export function proofOf(item: JsonObject, provider: string): string | undefined {
  const { encrypted_content: encrypted, id } = item;
  if (typeof encrypted !== 'string' || encrypted === '') return undefined;
  return `${provider}.${typeof id === 'string' && !id.includes('.') ? id : ''}.${encrypted}`;
}

/** The thought as the item that it was; null when this provider did not think it, or cannot read it any more. */
export function reasoningItem({ text, signature = '', origin }: ReasoningPart, provider: string): JsonObject | null {
  if (origin !== ORIGIN || !signature.startsWith(`${provider}.`)) return null;
  const [, id = '', encrypted = ''] = PROOF.exec(signature.slice(provider.length)) ?? [];
  if (encrypted === '') return null;
  return {
    type: 'reasoning',
    ...present({ id: id === '' ? undefined : id }),
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    encrypted_content: encrypted,
  };
}

const PROOF = /^\.([^.]*)\.([\s\S]+)$/;
