import type { AddressKind } from './addresses.ts';

/** Names of metadata services and of Home Assistant's Supervisor; nobody may be sent there. */
const NEVER: ReadonlySet<string> = new Set([
  '',
  'supervisor',
  'hassio',
  'hassio_supervisor',
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Endings of names that exist only inside a house or a company. */
const INSIDE = ['.local', '.localhost', '.internal', '.intranet', '.lan', '.home', '.corp', '.home.arpa'];

/** Under this ending Home Assistant's inner network has every name a second time. */
const APPS = '.local.hass.io';

/** What a host name is to us before anybody looks it up. @param host lower case, as a URL has it */
export function kindOfName(host: string): AddressKind {
  const full = host.replace(/\.+$/, '');
  const name = full.endsWith(APPS) ? full.slice(0, -APPS.length) : full;
  if (NEVER.has(name)) return 'never';
  // A name without a dot is a machine of the same network: another container, a printer.
  return !name.includes('.') || INSIDE.some((ending) => name.endsWith(ending)) ? 'private' : 'public';
}
