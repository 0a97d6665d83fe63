import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { camelCased } from '../../dialects/gemini/camel-case.ts';
import { mendedContents } from '../../dialects/gemini/content/mended-contents.ts';
import { tierHeaders } from '../../dialects/gemini/vertex.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { dropPaths } from '../../providers/drop-paths.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import { completed } from './client-side.ts';
import { extraBodyOf, withExtraBody } from './extra-body.ts';
import { targetFor } from './target.ts';

/** Members that Google refuses or that the path says: whom the call is for, and which model. */
const NEVER_SENT: ReadonlySet<string> = new Set(['model', 'user']);

/** Vertex AI is asked for a tier by a header. */
const REFUSED_BY_VERTEX: ReadonlySet<string> = new Set([...NEVER_SENT, 'serviceTier', 'service_tier']);

/** Headers in place of members that the host does not take in its body. */
export function contentHeaders({ body }: Call, { target }: Deployment<Upstream>): Readonly<Record<string, string>> {
  if (target.host !== 'vertex') return {};
  const tier = body.value('serviceTier') ?? body.value('service_tier');
  return tierHeaders(typeof tier === 'string' ? tier.toLowerCase() : undefined);
}

/**
 * The client's body for a provider of its own dialect: bytes pass but for members for the gateway, and what the deployment sets
 * unless the client does; only where something inside must change is it written anew.
 */
export function contentBody(call: Call, deployment: Deployment<Upstream>, { overrides }: PrepareContext, dialect: OutwardDialect): Buffer {
  const { body, options } = call;
  const edits = new Map<string, string | null>();
  const refused = deployment.target.host === 'vertex' ? REFUSED_BY_VERTEX : NEVER_SENT;
  for (const name of body.names()) if (isGatewayMember(name) || refused.has(name)) edits.set(name, null);
  const contents = mendedContents(body.value('contents'), deployment.target);
  if (contents !== null) edits.set('contents', JSON.stringify(contents));
  const bytes = body.edited(edits);
  const paths = [...deployment.upstream.resolved.quirks.dropPaths, ...options.additionalDropParams];
  const usual = usualMembers(call, deployment, dialect);
  const extra = extraBodyOf(call, { overrides }, deployment.upstream.defaults);
  if (overrides === null && paths.length === 0 && usual === null && extra === null) return bytes;
  const { model: _model, ...more } = overrides ?? {};
  const asked = dropPaths({ ...JsonDocument.read(bytes).whole(), ...more }, paths);
  const whole = usual === null ? asked : completedBody(usual, asked);
  return Buffer.from(JSON.stringify(withExtraBody(whole, extra)));
}

/** What the deployment sets, in Google's words; null: nothing. */
function usualMembers(call: Call, deployment: Deployment<Upstream>, dialect: OutwardDialect): JsonObject | null {
  const { extra_body: _, ...defaults } = deployment.upstream.defaults;
  if (Object.keys(defaults).length === 0) return null;
  const nothing = { model: call.groupName, stream: call.stream, messages: [], others: {}, extras: {} };
  const { contents: __, ...members } = dialect.chat(completed(nothing, defaults), targetFor(call, deployment)).body;
  return members;
}

/** The client's members over the usual ones; of the configuration of the generation each member by itself. */
function completedBody({ generationConfig: usual, ...members }: JsonObject, asked: JsonObject): JsonObject {
  const body = camelCased(asked);
  const own = body['generationConfig'];
  const config = { ...(isObject(usual) ? usual : {}), ...(isObject(own) ? camelCased(own) : {}) };
  return { ...members, ...body, ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }) };
}
