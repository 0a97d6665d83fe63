import type { Deployment } from '../../../core/deployment.ts';
import type { Target } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { baseName } from '../../../dialects/openai/audio/form-fields.ts';
import { isGatewayMember } from '../../../dialects/openai/members.ts';
import { dropPaths } from '../../../providers/drop-paths.ts';
import type { Call } from '../../call.ts';
import type { PrepareContext } from '../../codec.ts';
import type { Upstream } from '../../upstream.ts';
import { targetFor } from '../target.ts';

/** Whose members a call about audio has: what a client sets may be less than what the owner sets. */
export interface VoiceMembers {
  /** Of the client, and of the fallback that it named. */
  readonly asked: JsonObject;
  /** Of the deployment. */
  readonly owners: JsonObject;
}

export function voiceMembers(
  call: Call,
  deployment: Deployment<Upstream>,
  { overrides }: PrepareContext,
  late: JsonObject = {},
): VoiceMembers {
  const { resolved, defaults } = deployment.upstream;
  const dropped = [...resolved.quirks.dropPaths, ...call.options.additionalDropParams];
  const asked = withExtra({ ...late, ...call.body.whole(), ...overrides });
  return { asked: dropPaths(named(asked), dropped), owners: dropPaths(named(withExtra(defaults)), dropped) };
}

function withExtra({ extra_body: extra, ...members }: JsonObject): JsonObject {
  return isObject(extra) ? { ...members, ...extra } : members;
}

/** Without what speaks to the gateway; `keywords[]` is `keywords`. */
function named(members: JsonObject): JsonObject {
  const own = Object.entries(members).filter(([name, value]) => !isGatewayMember(name) && value !== null && value !== undefined);
  return Object.fromEntries(own.map(([name, value]) => [baseName(name), value]));
}

/** The members of these names, the client's before the owner's; and what either has beside them. */
export function parted(
  { asked, owners }: VoiceMembers,
  names: ReadonlySet<string>,
): { readonly said: JsonObject; readonly others: JsonObject; readonly owners: JsonObject } {
  const pick = (members: JsonObject, isNamed: boolean): JsonObject =>
    Object.fromEntries(Object.entries(members).filter(([name]) => names.has(name) === isNamed));
  return { said: { ...pick(owners, true), ...pick(asked, true) }, others: pick(asked, false), owners: pick(owners, false) };
}

/** The deployment's target, by the wire of its speech and recordings. */
export function voiceTarget(call: Call, deployment: Deployment<Upstream>): Target {
  const { wire } = deployment.upstream.resolved.audio;
  const target = targetFor(call, deployment);
  return wire === null ? target : { ...target, wire };
}
