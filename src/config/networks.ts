import ipaddr from 'ipaddr.js';

/** A network that callers may come from; an address alone is a network of one. */
export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Reads `192.168.1.0/24`, `fd00::/8` or an address alone. @returns null for anything else */
export function networkOf(text: string): Network | null {
  const word = text.trim();
  if (ipaddr.isValidCIDR(word)) return ipaddr.parseCIDR(word);
  if (!ipaddr.isValid(word) || (!word.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(word))) return null;
  const address = ipaddr.parse(word);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Whether an address of a connection lies in one of the networks. One that cannot be read lies in none. */
export function liesIn(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 caller on an IPv6 listener comes as ::ffff:192.0.2.1.
  const caller = ipaddr.process(address);
  return networks.some(([network, bits]) => network.kind() === caller.kind() && caller.match(network, bits));
}
