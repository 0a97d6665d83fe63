import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

export interface HostParts {
  /** Addresses of a name; rejects or is empty when there is none. */
  readonly resolve: (name: string) => Promise<readonly { readonly address: string }[]>;
  /** Whether the gateway runs in a container: its host is then another machine to it. */
  readonly inContainer: () => boolean;
  /** The kernel's table of routes, as `/proc/net/route` has it; `''` where there is none. */
  readonly routes: () => string;
}

export const SYSTEM_HOST: Omit<HostParts, 'resolve'> = {
  inContainer: () => existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  routes: () => {
    try {
      return readFileSync('/proc/net/route', 'utf8');
    } catch {
      return '';
    }
  },
};

/** A resolver that is away must not hold the look up. */
const LOOKUP_MS = 1000;

/**
 * Names of the machine that the gateway runs on: itself, and from a container the host by the name that Docker gives it and by
 * the default gateway. Outside a container the default gateway is somebody's router and stays out.
 */
export async function ownHosts({ resolve, inContainer, routes }: HostParts): Promise<string[]> {
  const hosts = ['localhost'];
  const found = await Promise.race([resolve('host.docker.internal').catch(() => []), after(LOOKUP_MS, [], { ref: false })]);
  if (found.length > 0) hosts.push('host.docker.internal');
  const gateway = inContainer() ? defaultGateway(routes()) : null;
  if (gateway !== null && !found.some(({ address }) => address === gateway)) hosts.push(gateway);
  return hosts;
}

/** The default gateway: the address is written in hexadecimal, lowest byte first. */
function defaultGateway(table: string): string | null {
  for (const line of table.split('\n').slice(1)) {
    const [, destination, gateway] = line.split('\t');
    if (destination !== '00000000' || gateway === undefined || !/^[0-9A-F]{8}$/i.test(gateway) || gateway === '00000000') continue;
    return [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16)).join('.');
  }
  return null;
}
