import type { Deployment } from '../../core/deployment.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { missingDefaults, withDefaults } from '../../providers/defaults.ts';
import { applyQuirks } from '../../providers/quirks/apply.ts';
import { needsRewrite, type QuirkPlan } from '../../providers/quirks/plan.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';

const ASK_FOR_USAGE = '{"include_usage":true}';

/**
 * The client's OpenAI-shaped body for an OpenAI-shaped provider. Bytes pass as they came where nothing but the model's name
 * and members for the gateway must change (performance rule 1); else the object is written anew under the provider's quirks.
 *
 * @param plan the quirks that hold for this operation; absent: those of chats
 */
export function openaiBody(
  call: Call,
  deployment: Deployment<Upstream>,
  context: PrepareContext,
  plan: QuirkPlan = deployment.upstream.resolved.quirks,
): Buffer {
  const { body, options } = call;
  const { resolved, defaults, defaultTexts, defaultsText } = deployment.upstream;
  const edits = new Map<string, string | null>([['model', JSON.stringify(deployment.model)]]);
  const members = new Set<string>();
  for (const name of body.names()) {
    if (isGatewayMember(name)) edits.set(name, null);
    else members.add(name);
  }
  if (defaultTexts.size > 0) {
    for (const name of missingDefaults(members, defaults)) {
      edits.set(name, defaultTexts.get(name) ?? 'null');
      members.add(name);
    }
  }
  const usage = call.stream ? streamOptionsOf(call, resolved.streamOptions) : undefined;
  if (usage !== undefined) edits.set('stream_options', usage);
  const rewrite =
    context.overrides !== null ||
    options.additionalDropParams.length > 0 ||
    body.has('extra_body') ||
    sendsMetadata(call) ||
    needsRewrite(plan, members, defaultsText === '' ? body.latin1 : body.latin1 + defaultsText);
  return rewrite ? Buffer.from(JSON.stringify(rewritten(call, deployment, context, { usage, plan }))) : body.edited(edits);
}

/**
 * What `stream_options` must become; undefined: stays as it is. Usage is always asked for, for the bill; whether the client
 * sees it is another matter (data-plane 10.3).
 */
function streamOptionsOf(call: Call, taken: boolean): string | null | undefined {
  const given = call.body.has('stream_options') ? call.body.value('stream_options') : undefined;
  if (!taken) return given === undefined ? undefined : null;
  if (!isObject(given)) return ASK_FOR_USAGE;
  return given['include_usage'] === true ? undefined : JSON.stringify({ ...given, include_usage: true });
}

/** `metadata` belongs to the provider only when the answer is stored there (data-plane 8.2). */
function sendsMetadata(call: Call): boolean {
  return call.body.has('store') && call.body.value('store') === true && call.body.has('metadata');
}

function rewritten(
  call: Call,
  deployment: Deployment<Upstream>,
  context: PrepareContext,
  { usage, plan }: { readonly usage: string | null | undefined; readonly plan: QuirkPlan },
): JsonObject {
  const { resolved, params, defaults } = deployment.upstream;
  const asked: JsonObject = {};
  for (const [name, value] of Object.entries({ ...call.body.whole(), ...context.overrides }))
    if (!isGatewayMember(name) || name === 'extra_body') asked[name] = value;
  const object = withDefaults(asked, defaults);
  if (usage === null) delete object['stream_options'];
  else if (usage !== undefined) object['stream_options'] = JSON.parse(usage);
  if (sendsMetadata(call)) object['metadata'] = textsOnly(call.body.value('metadata'));
  const policy = {
    drop: call.options.dropParams ?? params.drop,
    allow: [...params.allow, ...call.options.allowedParams],
    modify: params.modify,
  };
  const result = applyQuirks(object, plan, {
    model: deployment.model,
    provider: resolved.provider,
    params: policy,
    abilities: deployment.target.abilities,
    dropPaths: call.options.additionalDropParams,
  });
  return { ...result, model: deployment.model };
}

function textsOnly(value: unknown): JsonObject {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string')) : {};
}
