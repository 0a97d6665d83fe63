import ipaddr from 'ipaddr.js';

/**
 * What an address is to us. `private`: houses, companies, loopback, carriers' own space and tunnels' insides; local models live
 * there. `never`: nobody has business there: link-local with the clouds' metadata, the Supervisor, multicast, reserved space.
 */
export type AddressKind = 'public' | 'private' | 'never';

/** Places that hand out credentials or control a host, inside ranges that are otherwise private or public. */
const NEVER = [
  '100.100.100.200/32', // metadata of Alibaba Cloud
  '168.63.129.16/32', // host agent of Azure
  'fd00:ec2::/32', // metadata of AWS over IPv6
  'fd20:ce::/32', // metadata of Google Cloud over IPv6
].map((range) => ipaddr.parseCIDR(range));

/** Home Assistant's inner network: Supervisor, DNS, audio and their kin are below 172.30.33.0, apps from there on. */
const SUPERVISOR = ipaddr.parseCIDR('172.30.32.0/24');
/** The host itself, where a server with host networking listens. */
const SUPERVISOR_GATEWAY = '172.30.32.1';

const PRIVATE: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat', 'deprecatedSiteLocal']);

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** @param text an IP address, brackets and zone allowed; anything else is `never` */
export function kindOf(text: string): AddressKind {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return 'never';
  const address = ipaddr.parse(bare);
  return address instanceof ipaddr.IPv6 ? kindOfV6(address) : kindOfV4(address);
}

function kindOfV4(address: ipaddr.IPv4): AddressKind {
  if (NEVER.some((range) => range[0].kind() === 'ipv4' && address.match(range))) return 'never';
  if (address.match(SUPERVISOR) && address.toString() !== SUPERVISOR_GATEWAY) return 'never';
  const range = address.range();
  if (range === 'unicast') return 'public';
  return PRIVATE.has(range) ? 'private' : 'never';
}

function kindOfV6(address: ipaddr.IPv6): AddressKind {
  if (NEVER.some((range) => range[0].kind() === 'ipv6' && address.match(range))) return 'never';
  const inner = embedded(address);
  if (inner) {
    // A form for translators, not for names that people give: public ones too only reach what an operator names.
    return kindOfV4(inner) === 'never' ? 'never' : 'private';
  }
  const range = address.range();
  if (range === 'unicast') return address.match(GLOBAL_UNICAST) ? 'public' : 'never';
  return PRIVATE.has(range) ? 'private' : 'never';
}

const TRANSLATED: ReadonlySet<string> = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052']);

/** The IPv4 address at the end of a mapped, NAT64 or IPv4-compatible address. (6to4 and Teredo are reserved space to us.) */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  const compatible = bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12).some((byte, index) => byte > (index === 3 ? 1 : 0));
  return compatible || TRANSLATED.has(address.range()) ? new ipaddr.IPv4(bytes.slice(12)) : null;
}
