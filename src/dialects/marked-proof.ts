/**
 * Signatures and encrypted thoughts of other providers have no place of their own in a Messages body, nor in the thinking blocks
 * of a chat: they stand where Anthropic's do, marked with where they come from. Anthropic's own are base64, which has no colon.
 */
const MARKED = /^([a-z][a-z0-9_-]*):([\s\S]*)$/;

const OWN = 'anthropic';

/** @param origin dialect whose provider made the proof */
export function sealed(origin: string | undefined, proof: string): string {
  return origin === undefined || origin === OWN || proof === '' ? proof : `${origin}:${proof}`;
}

export function unsealed(text: string): { readonly origin: string; readonly proof: string } {
  const [, origin = OWN, proof = text] = MARKED.exec(text) ?? [];
  return { origin, proof };
}
