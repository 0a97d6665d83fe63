import dns from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { loadCatalogue as loadPrices } from '../../ledger/prices/catalogue/load.ts';
import { PriceBook } from '../../ledger/prices/price-book.ts';
import { loadAbilities } from '../../providers/abilities.ts';
import { AwsSessions } from '../../providers/aws/aws-sessions.ts';
import { loadCatalogue } from '../../providers/catalogue/catalogue.ts';
import { EgressPolicy, type EgressPurpose } from '../../providers/egress.ts';
import { DatabricksTokens } from '../../providers/databricks/databricks-tokens.ts';
import { CopilotTokens } from '../../providers/copilot/copilot-tokens.ts';
import { DeviceLogIn } from '../../providers/copilot/device-log-in.ts';
import { EntraTokens } from '../../providers/entra/entra-tokens.ts';
import { ManagedIdentity } from '../../providers/entra/managed-identity.ts';
import { IamTokens } from '../../providers/ibm/iam-tokens.ts';
import { GoogleTokens } from '../../providers/google/google-tokens.ts';
import { GigaChatTokens } from '../../providers/gigachat/gigachat-tokens.ts';
import { LocalServers } from '../../providers/local/local-servers.ts';
import { ownHosts, SYSTEM_HOST } from '../../providers/local/own-hosts.ts';
import { SnowflakeTokens } from '../../providers/snowflake/snowflake-tokens.ts';
import { MediaFetcher } from '../../providers/media.ts';
import { SapAccess } from '../../providers/sap/sap-access.ts';
import { Relay } from '../../providers/transport/relay.ts';
import { loadProxyMaker, Transport } from '../../providers/transport/transport.ts';
import { smallText } from '../small-text.ts';
import type { Ground } from './ground.ts';
import type { StoreParts } from './store.ts';

/** Whom we can call, what they can do and cost, and the way to them. */
export async function composeProviders({ assets, clock, config, hub, options }: Ground, { database }: StoreParts) {
  const [catalogue, abilities, prices] = await Promise.all([
    loadCatalogue(),
    loadAbilities(),
    loadPrices(assets.prices).then((data) => new PriceBook({ catalogue: data })),
  ]);
  /** Ports that we listen on: nobody makes the gateway call itself. */
  const ownPorts = new Set([options.port]);
  const egress = new EgressPolicy({ resolve, ownPorts: () => ownPorts, ownHosts: ownAddresses });
  const proxy = hasProxy(config.variables) ? await loadProxyMaker() : null;
  const reaching = (purpose: EgressPurpose): Transport =>
    new Transport({ clock, lookup: egress.lookup(purpose), connectTimeoutMs: 10_000, ipv4Only: false, proxy });
  const [transport, publicTransport] = [reaching('provider'), reaching('request')];
  const relay = new Relay({ lookup: egress.lookup('provider'), proxyVariables: hasProxy(config.variables) ? config.variables : null });
  const issuers = {
    aws: new AwsSessions({ clock, transport, egress, readText: smallText, metadata: METADATA }),
    azure_identity: new ManagedIdentity({ clock, transport, egress, metadata: METADATA }),
    databricks: new DatabricksTokens({ clock, transport, egress }),
    copilot: new CopilotTokens({ clock, transport, egress }),
    entra: new EntraTokens({ clock, transport, egress, readText: (path) => readFile(path, 'utf8') }),
    google: new GoogleTokens({ clock, transport, publicTransport, egress, readText: smallText, metadata: METADATA }),
    ibm: new IamTokens({ clock, transport, egress }),
    snowflake: new SnowflakeTokens({ clock }),
    gigachat: new GigaChatTokens({ clock, transport, egress }),
    sap: new SapAccess({ clock, transport, egress }),
  };
  const deviceLogIn = new DeviceLogIn({ clock, transport, egress, env: (name) => config.variables[name] });
  const localServers = new LocalServers({
    clock,
    transport,
    egress,
    database,
    onLook: () => {
      hub.tell('state', { what: 'local_servers' });
    },
    hosts: () => ownHosts({ ...SYSTEM_HOST, resolve }),
  });
  const fetcher = new MediaFetcher({ policy: egress, maxBytes: config.environment.maxImageDownloadBytes });
  return { catalogue, abilities, prices, ownPorts, egress, transport, publicTransport, relay, issuers, deviceLogIn, localServers, fetcher };
}

export type ProviderParts = Awaited<ReturnType<typeof composeProviders>>;

/** Where a machine of a cloud is told who it is. A fixed address: no configuration reaches it (security.md). */
const METADATA = 'http://169.254.169.254';

function resolve(name: string) {
  return dns.lookup(name, { all: true });
}

/** Addresses of this machine, so that nobody makes the gateway call itself. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address.toLowerCase()));
}

function hasProxy(variables: Readonly<Record<string, string>>): boolean {
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some((name) => (variables[name] ?? '') !== '');
}
