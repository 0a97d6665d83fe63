import type { Deployment } from '../../core/deployment.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { withDefaults } from '../../providers/defaults.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';

export interface AskedMembers {
  readonly members: JsonObject;
  /** `extra_body`: goes into the provider's body as it is; null: nothing does. */
  readonly extra: JsonObject | null;
}

/** The client's members, completed by the deployment's, less those for the gateway and those that someone wants dropped. `null` is absent. */
export function askedMembers(call: Call, { upstream }: Deployment<Upstream>, { overrides }: PrepareContext): AskedMembers {
  const asked: JsonObject = {};
  for (const [name, value] of Object.entries({ ...call.body.whole(), ...overrides }))
    if (value !== null && (!isGatewayMember(name) || name === 'extra_body')) asked[name] = value;
  const { extra_body: extra, ...members } = withDefaults(asked, upstream.defaults);
  const paths = [...upstream.resolved.quirks.dropPaths, ...call.options.additionalDropParams];
  return { members: dropPaths(members, paths), extra: isObject(extra) ? extra : null };
}
