import type { Deployment } from '../../core/deployment.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { readChatRequest } from '../../dialects/openai/chat/request.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { lawfulItems, NEEDS_CARE } from '../../dialects/openai/responses-out/kept-items.ts';
import { paramMembers } from '../../dialects/openai/responses-out/params.ts';
import { toolMembers } from '../../dialects/openai/responses-out/write-tools.ts';
import { present } from '../../dialects/openai/request-fields.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { KeptResponse } from '../response-store.ts';
import type { Upstream } from '../upstream.ts';
import { extraBodyOf, withExtraBody } from './extra-body.ts';
import { refusedParams } from './over-responses.ts';
import { targetFor } from './target.ts';

/**
 * The client's body for a provider that has Responses: bytes pass but for the model's name, members for the gateway, what the
 * deployment sets unless the client does, and what the provider refuses of it.
 *
 * @param before the response that the call goes on from; its items stand before those of the client in `input` already
 */
export function responsesBody(
  call: Call,
  deployment: Deployment<Upstream>,
  { overrides }: PrepareContext,
  before: KeptResponse | null,
): Buffer {
  const { body, options } = call;
  const { resolved, defaults } = deployment.upstream;
  const edits = new Map<string, string | null>([['model', JSON.stringify(deployment.model)]]);
  for (const name of body.names()) if (isGatewayMember(name) && name !== 'metadata') edits.set(name, null);
  for (const [name, value] of turnsBefore(call, deployment, before)) edits.set(name, value);
  for (const [name, value] of Object.entries(usualMembers(deployment)))
    if (!body.has(name) || body.startsWith(name, 'n')) edits.set(name, JSON.stringify(value));
  const bytes = body.edited(edits);
  const paths = [...resolved.quirks.dropPaths, ...options.additionalDropParams];
  const extra = extraBodyOf(call, { overrides }, defaults);
  const refused = refusedMembers(call, deployment);
  if (overrides === null && paths.length === 0 && extra === null && refused.length === 0) return bytes;
  const { model: _model, messages: _messages, ...more } = overrides ?? {};
  const asked = dropPaths({ ...JsonDocument.read(bytes).whole(), ...more }, [...paths, ...refused]);
  return Buffer.from(JSON.stringify({ ...withExtraBody(asked, extra), model: deployment.model }));
}

/** Whoever keeps the response before goes on from it; everybody else is told what was said. */
function turnsBefore(call: Call, deployment: Deployment<Upstream>, before: KeptResponse | null): [string, string | null][] {
  const input = call.body.value('input');
  const provider = deployment.upstream.resolved.provider;
  if (!Array.isArray(input)) return [];
  const kept = before === null ? 0 : before.input.length + before.output.length;
  if (before?.at !== undefined && before.at.deployment === deployment.id) {
    const said = lawfulItems(input.slice(kept), provider, 0);
    return [['previous_response_id', JSON.stringify(before.at.id)], ['input', JSON.stringify(said)]]; // prettier-ignore
  }
  const items =
    kept > 0 || NEEDS_CARE.test(call.body.latin1)
      ? [['input', JSON.stringify(lawfulItems(input, provider, kept))] as [string, string]]
      : [];
  return before === null ? items : [['previous_response_id', null], ...items];
}

/** What the deployment sets, in the words of this dialect. */
function usualMembers(deployment: Deployment<Upstream>): JsonObject {
  const { extra_body: _, ...defaults } = deployment.upstream.defaults;
  if (Object.keys(defaults).length === 0) return defaults;
  const request = readChatRequest({ ...defaults, messages: [{ role: 'user', content: '' }] }, deployment.model);
  return { ...toolMembers(request), ...paramMembers(request, deployment.target), ...request.extras };
}

/** Paths of the members that the model refuses. @throws {UnsupportedParamsError} when they may not be dropped */
function refusedMembers(call: Call, deployment: Deployment<Upstream>): string[] {
  const { body } = call;
  const value = (name: string): unknown => (body.has(name) ? (body.value(name) ?? undefined) : undefined);
  const reasoning = value('reasoning');
  const asked = present({
    temperature: value('temperature'),
    top_p: value('top_p'),
    top_logprobs: value('top_logprobs') || undefined,
    reasoning_effort: isObject(reasoning) ? (reasoning['effort'] ?? undefined) : undefined,
  });
  if (Object.keys(asked).length === 0) return [];
  const refused = refusedParams(asked, deployment, targetFor(call, deployment).params);
  return [...refused].map((name) => (name === 'reasoning_effort' ? 'reasoning.effort' : name));
}
