import type { Deployment } from '../../core/deployment.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import { extraBodyOf, type ExtraBody } from './extra-body.ts';

export interface AskedMembers {
  readonly members: JsonObject;
  readonly extra: ExtraBody | null;
}

/** The client's members, completed by the deployment's, less those for the gateway and those that someone wants dropped. `null` is absent. */
export function askedMembers(call: Call, { upstream }: Deployment<Upstream>, { overrides }: PrepareContext): AskedMembers {
  const asked: JsonObject = {};
  for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides }))
    if (value !== null && !isGatewayMember(name)) asked[name] = value;
  const { extra_body: _, ...members } = withDefaults(asked, upstream.defaults);
  const paths = [...upstream.resolved.quirks.dropPaths, ...call.options.additionalDropParams];
  return { members: dropPaths(members, paths), extra: extraBodyOf(call, { overrides }, upstream.defaults) };
}
