import type { Deployment } from '../core/deployment.ts';
import { JsonDocument } from '../core/json-document.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { baseName } from '../dialects/openai/audio/form-fields.ts';
import { dropPaths, droppedMembers } from '../providers/drop-paths.ts';
import type { Call } from './call.ts';
import type { PrepareContext } from './codec.ts';
import type { Upstream } from './upstream.ts';

type Overrides = PrepareContext['overrides'];

/**
 * What a client asks this deployment for, less what its owner alone says: in whose project, by which models. What the owner set
 * stands in the deployment's defaults, and what the configuration's own fallbacks say is the owner's word.
 */
export function lessOwners(call: Call, { upstream }: Deployment<Upstream>, overrides: Overrides): { call: Call; overrides: Overrides } {
  const { owners } = upstream.resolved;
  if (owners.length === 0) return { call, overrides };
  const bases = new Set([...droppedMembers(owners), 'extra_body']);
  const isTouched = [...call.body.names()].some((name) => bases.has(baseName(name)));
  const body = isTouched ? JsonDocument.of(less(call.body.whole(), owners)) : call.body;
  const theirs = overrides !== null && call.options.fallbacks !== null;
  return { call: body === call.body ? call : { ...call, body }, overrides: theirs ? less(overrides, owners) : overrides };
}

/** Of a form, names may end in `[]`. */
export function isOwners(name: string, { resolved: { owners } }: Upstream): boolean {
  return owners.includes(baseName(name));
}

function less(members: JsonObject, owners: readonly string[]): JsonObject {
  const named = Object.entries(dropPaths(members, owners)).filter(([name]) => !owners.includes(baseName(name)));
  const { extra_body: extra, ...rest } = Object.fromEntries(named);
  return extra === undefined ? rest : { ...rest, extra_body: isObject(extra) ? dropPaths(extra, owners) : extra };
}
