/** Anthropic asks for an id that names nobody: no e-mail address, no telephone number; at most 256 characters. */
export function isOpaqueId(user: string): boolean {
  const isAddress = /^\S+@\S+\.\S+$/.test(user);
  const isNumber = /^\+?[\d\s().-]{7,20}$/.test(user) && (user.match(/\d/g)?.length ?? 0) >= 7;
  return user !== '' && user.length <= 256 && !isAddress && !isNumber;
}
