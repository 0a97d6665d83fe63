/**
 * Proofs of other providers stand where Google's own thought signatures do, which are base64: marked with where they come from,
 * and in base64 too, since clients keep them as bytes. The mark is twelve bytes, so that its base64 is always the same text.
 */
const MARK = 'llm-gateway:';
const MARK_IN_BASE64 = Buffer.from(MARK).toString('base64');

/** `signed`: proves the thought it stands on. `hidden`: a thought that only its provider can read. */
type Kind = 'signed' | 'hidden';

export interface Proof {
  readonly origin: string;
  readonly kind: Kind;
  readonly proof: string;
}

/** Google's own dialect. */
export const OWN = 'gemini';

/** @param origin dialect whose provider made the proof */
export function sealed(origin: string, kind: Kind, proof: string): string {
  return origin === OWN ? proof : Buffer.from(`${MARK}${kind}:${origin}:${proof}`).toString('base64');
}

/** What a thought signature proves; without a mark it is Google's own. */
export function unsealed(signature: string): Proof {
  const own: Proof = { origin: OWN, kind: 'signed', proof: signature };
  if (!isForeign(signature)) return own;
  const [, kind, origin, proof] = SEALED.exec(Buffer.from(signature, 'base64').toString()) ?? [];
  if (origin === undefined || proof === undefined) return own;
  return { origin, kind: kind === 'hidden' ? 'hidden' : 'signed', proof };
}

const SEALED = /^llm-gateway:(signed|hidden):([a-z][a-z0-9_-]*):([\s\S]*)$/;

/** Whether a thought signature was made by {@link sealed} for another provider. */
export function isForeign(signature: unknown): boolean {
  return typeof signature === 'string' && signature.startsWith(MARK_IN_BASE64);
}
