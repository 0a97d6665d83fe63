import type { Call } from '../call.ts';

/** Members of a body that say what the header `anthropic-beta` says: clients of other hosts have them. */
export const BETA_MEMBERS = ['betas', 'anthropic_beta'] as const;

/** Flags of Anthropic's betas that the client asks for, by its header or in its body. */
export function askedBetas({ body, options }: Call): string[] {
  const header = options.dialectHeaders?.['anthropic-beta'];
  const given = [header, ...BETA_MEMBERS.map((name) => (body.has(name) ? body.value(name) : undefined))].flat();
  const flags = given.flatMap((value) => (typeof value === 'string' ? value.split(',') : [])).map((flag) => flag.trim());
  return [...new Set(flags.filter((flag) => FLAG.test(flag)))];
}

/** What may stand in a header. */
const FLAG = /^[\w.-]{1,100}$/;
