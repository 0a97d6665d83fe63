import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { LocalServersAnswer, LookBody } from '../contract/panel/local-servers.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { Catalogue } from '../providers/catalogue/catalogue.ts';
import { placeOf } from '../providers/local/addresses.ts';
import type { FoundModel, FoundServer } from '../providers/local/found.ts';
import type { LocalServers } from '../providers/local/local-servers.ts';
import { apiBase, readyModel } from '../providers/local/ready-params.ts';
import type { ModelTable } from '../router/model-table.ts';
import type { Remembered } from '../providers/local/remembered.ts';
import type { Witness } from '../store/queries.ts';
import { authorOf, changeAuthorOf } from './answer.ts';
import { readStored } from './read-stored.ts';

export interface LocalServerRouteParts {
  readonly servers: LocalServers;
  readonly audit: Audit;
  readonly catalogue: Catalogue;
  readonly table: () => ModelTable<Upstream>;
  /** Throws until the database was read. */
  readonly ready: () => void;
}

/** `/panel/local-servers`: servers of models in the house, each model ready to be added. */
export function localServerRoutes(parts: LocalServerRouteParts): Route[] {
  const shared = { group: 'management_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      method: 'GET',
      paths: ['/panel/local-servers'],
      rights: 'read',
      summary: 'Shows the servers that were found when somebody looked last, with their models.',
      shapes: { answer: LocalServersAnswer },
      handle: (call) => {
        answerJson(call, answer(parts));
      },
    },
    {
      ...shared,
      method: 'POST',
      paths: ['/panel/local-servers/look'],
      rights: 'admin',
      summary: 'Looks for servers on this machine and at the addresses that its owner named. No network is searched.',
      shapes: { body: LookBody, answer: LocalServersAnswer },
      handle: (call) => look(call, parts),
    },
  ];
}

async function look(call: RouteCall, parts: LocalServerRouteParts): Promise<void> {
  parts.ready();
  const { addresses, forget } = readBodyAs(LookBody, await readJsonBody(call));
  await readStored(async () => {
    if ((addresses ?? []).length + (forget ?? []).length > 0)
      await parts.servers.remember(addresses ?? [], forget ?? [], authorOf(call), notedBy(parts.audit, call));
    await parts.servers.look();
  });
  answerJson(call, answer(parts));
}

/** Where the gateway looks is a setting, and changes of it stand among those of settings. */
function notedBy(audit: Audit, call: RouteCall): Witness<Remembered> {
  const shown = (value: Remembered | null) =>
    value && { local_server_addresses: [...value.named], local_servers_not_offered: [...value.ignored] };
  return (queries, before, after) =>
    audit.record(
      {
        action: 'updated',
        table: 'settings',
        objectId: 'local_servers',
        before: shown(before),
        after: shown(after),
        author: changeAuthorOf(call),
      },
      queries,
    );
}

function answer(parts: LocalServerRouteParts): LocalServersAnswer {
  const { lookedAt, servers, named, ignored } = parts.servers.last;
  const registered = registeredIn(parts.table());
  return {
    looked_at: lookedAt === null ? null : new Date(lookedAt).toISOString(),
    servers: servers.map((server) => shownServer(server, parts.catalogue, registered)),
    addresses: named.map((address) => ({ ...address })),
    ignored: [...ignored],
  };
}

/** Models of the gateway that stand at an address of their own: place and name. */
function registeredIn(table: ModelTable<Upstream>): ReadonlySet<string> {
  const deployments = [...table.groups()].flatMap((group) => group.deployments);
  return new Set(deployments.map(({ model, upstream }) => `${placeOf(upstream.resolved.base)} ${model}`));
}

function shownServer(server: FoundServer, catalogue: Catalogue, registered: ReadonlySet<string>): LocalServersAnswer['servers'][number] {
  const { kind, address, version, locked, models } = server;
  const base = apiBase(server, catalogue);
  return {
    kind,
    name: catalogue.find(kind)?.name ?? kind,
    address,
    api_base: base,
    version,
    needs_key: locked,
    models: models.map((model) => shownModel(server, model, catalogue, registered.has(`${placeOf(base)} ${model.id}`))),
  };
}

function shownModel(server: FoundServer, model: FoundModel, catalogue: Catalogue, registered: boolean) {
  const { contextLength, sizeBytes, ...facts } = model;
  return { ...facts, context_length: contextLength, size_bytes: sizeBytes, registered, ready: { ...readyModel(server, model, catalogue) } };
}
