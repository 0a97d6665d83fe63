import type { Deployment } from '../../../core/deployment.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { baseName } from '../../../dialects/openai/audio/form-fields.ts';
import { isGatewayMember } from '../../../dialects/openai/members.ts';
import { withDefaults } from '../../../providers/defaults.ts';
import { dropPaths } from '../../../providers/drop-paths.ts';
import { imageMembers } from '../../../providers/images/members.ts';
import type { Call } from '../../call.ts';
import type { PrepareContext } from '../../codec.ts';
import type { Upstream } from '../../upstream.ts';
import { targetFor } from '../target.ts';

/** What a client asks one deployment for: its members less those for the gateway, completed by the deployment's; and `extra_body`. */
export interface AskedMembers {
  readonly members: JsonObject;
  readonly extra: JsonObject;
}

export function askedMembers(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext): AskedMembers {
  const asked = Object.entries({ ...call.body.whole(), ...overrides }).filter(
    ([name]) => name === 'extra_body' || !isGatewayMember(baseName(name)),
  );
  const { extra_body: extra, model: _, ...members } = withDefaults(Object.fromEntries(asked), deployment.upstream.defaults);
  const { resolved } = deployment.upstream;
  const dropped = [...resolved.quirks.dropPaths, ...call.options.additionalDropParams];
  return { members: dropPaths(members, dropped), extra: isObject(extra) ? extra : {} };
}

/**
 * The same as the provider takes it, under its rules; `extra_body` is meant literally.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError}
 */
export function providersMembers({ members, extra }: AskedMembers, call: Call, deployment: Deployment<Upstream>): JsonObject {
  const { resolved } = deployment.upstream;
  const { params, abilities } = targetFor(call, deployment);
  const context = { model: deployment.model, provider: resolved.provider, params, abilities };
  const { model: _, ...literal } = extra;
  return { ...imageMembers({ members, edits: call.operation === 'image_edit' }, resolved.images, context), ...literal };
}
