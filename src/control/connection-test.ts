import { readBodyAs } from '../contract/body.ts';
import { ConnectionTestAnswer, ConnectionTestBody } from '../contract/connection-test.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import type { Deployment } from '../core/deployment.ts';
import { AuthError } from '../core/errors.ts';
import { wordOf, type JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { maskedParams, parted } from '../core/shown-params.ts';
import type { Operation } from '../exchange/call.ts';
import { Client } from '../exchange/client.ts';
import type { AgentCards } from '../exchange/trial/agent-cards.ts';
import type { Trials, TrialResult } from '../exchange/trial/trial.ts';
import { TRIED_MODES } from '../exchange/trial/tiny-call.ts';
import { verdictOf, type Verdict } from '../exchange/trial/verdict.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { modeOfName } from '../providers/model-mode.ts';
import { UnresolvedDeployment } from '../providers/resolve.ts';
import type { ModelFields, StoredModels } from '../providers/stored/models.ts';
import { withoutMasks } from './masked-params.ts';

export interface ConnectionTestParts {
  readonly trials: Trials;
  /** Agents are tried by what they tell of themselves. */
  readonly cards: AgentCards;
  readonly models: Pick<StoredModels, 'get'>;
  /** What the named credential of file or database holds; null when there is none. */
  readonly credential: (name: string) => JsonObject | null;
  /** @throws {UnresolvedDeployment} when it cannot be called as it is described */
  readonly build: (fields: ModelFields) => Deployment<Upstream>;
  /** What is known of what the model is for; null when nothing is. */
  readonly modeOf: (deployment: Deployment<Upstream>) => string | null;
}

/** `POST /health/test_connection` (control-plane 14.1): tries a model before it is added or changed. */
export function connectionTestRoute(parts: ConnectionTestParts): Route {
  return {
    method: 'POST',
    paths: ['/health/test_connection'],
    rights: 'admin',
    group: 'management_routes',
    surface: 'control',
    summary: 'Tries a model that is described and not registered with one tiny real call, which is not booked.',
    shapes: { body: ConnectionTestBody, answer: ConnectionTestAnswer },
    handle: async (call) => {
      const body = readBodyAs(ConnectionTestBody, await readJsonBody(call));
      answerJson(call, await tested(call, body, parts));
    },
  };
}

async function tested(call: RouteCall, body: ConnectionTestBody, parts: ConnectionTestParts): Promise<ConnectionTestAnswer> {
  if (!call.caller) throw new AuthError('Authentication Error, No api key passed in.');
  const asked = { model: wordOf(body.litellm_params['model']), status: null, badKeyStatus: null, params: Object.keys(body.litellm_params) };
  let deployment: Deployment<Upstream> | null = null;
  try {
    deployment = parts.build(fieldsOf(body, parts));
    const operation = operationOf(body.mode ?? null, deployment, parts);
    const client = clientOf(call);
    const trial =
      deployment.dialect === 'a2a'
        ? await parts.cards.run(deployment, client)
        : await parts.trials.run(deployment, { operation, caller: call.caller, client, route: call.path });
    const { reply } = deployment.upstream.resolved;
    const known = { ...asked, model: deployment.model, status: trial.status, badKeyStatus: reply.badKeyStatus ?? null };
    return answer(trial, deployment, trial.error === null ? null : verdictOf(trial.error, known));
  } catch (error) {
    if (!(error instanceof UnresolvedDeployment)) throw error;
    return answer(UNTRIED, deployment, verdictOf(error, asked));
  }
}

const UNTRIED: TrialResult = { error: null, elapsedMs: 0, request: null, status: null, headers: {} };

/** Whoever closes the form ends the call. */
function clientOf({ response }: RouteCall): Client {
  const client = new Client();
  response.on('close', () => {
    client.leave();
  });
  return client;
}

/** @throws {UnresolvedDeployment} for modes that are not tried */
function operationOf(mode: string | null, deployment: Deployment<Upstream>, parts: ConnectionTestParts): Operation {
  const known = mode ?? (wordOf(deployment.info['mode']) || parts.modeOf(deployment)) ?? modeOfName(deployment.model, deployment.dialect);
  const operation = Object.hasOwn(TRIED_MODES, known) ? TRIED_MODES[known] : undefined;
  if (!operation)
    throw new UnresolvedDeployment(
      `Models of mode ${known.slice(0, 50)} are not tried: only those for chat, completions, embeddings, rerank, moderation, speech, transcription and making images are.`,
    );
  return operation;
}

/** What the body describes, masks filled in. @throws {UnresolvedDeployment} for a mask that stands for nothing */
function fieldsOf({ litellm_params: given, model_info: info }: ConnectionTestBody, parts: ConnectionTestParts): ModelFields {
  const { id, ...facts } = info ?? {};
  const params = withCredential(withStored(given, wordOf(id), parts), parts);
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'string' && value.includes('****'))
      throw new UnresolvedDeployment(`${name} is a mask and not the value itself: enter it again.`, { param: name });
  }
  const model = wordOf(params['model']);
  if (!model.includes('*')) return { modelName: model || 'unnamed', params, info: facts };
  const sample = wordOf(facts['health_check_model']);
  if (sample === '' || sample.includes('*'))
    throw new UnresolvedDeployment('A pattern cannot be tried: name one model in model_info.health_check_model.', { param: 'model' });
  return { modelName: sample, params: { ...params, model: sample }, info: facts };
}

/** Secrets of the stored model where the body has their masks, or nothing at all and no credential in their place. */
function withStored(given: JsonObject, id: string, { models }: ConnectionTestParts): JsonObject {
  const stored = id === '' ? null : models.get(id);
  if (!stored) return given;
  const { secret } = parted(stored.params);
  const own = withoutMasks(given, stored.params);
  const named = wordOf(own['litellm_credential_name']) !== '';
  const kept = Object.entries(secret).filter(([name]) => (named ? name in given && !(name in own) : !(name in own)));
  return { ...Object.fromEntries(kept), ...own };
}

/** Without the masks of what the named credential holds, so that its values count. */
function withCredential(params: JsonObject, { credential }: ConnectionTestParts): JsonObject {
  const name = wordOf(params['litellm_credential_name']);
  const values = name === '' ? null : credential(name);
  if (!values) return params;
  const masks = maskedParams(values);
  return Object.fromEntries(
    Object.entries(params).filter(([member, value]) => !(typeof value === 'string' && value.includes('****') && value === masks[member])),
  );
}

const TOLD_HEADERS = /^x-ratelimit-|^anthropic-ratelimit-|request-id$|^retry-after$|^x-ms-region$/;

function answer(trial: TrialResult, deployment: Deployment<Upstream> | null, verdict: Verdict | null): ConnectionTestAnswer {
  const { request, elapsedMs, status, headers } = trial;
  const error = verdict ? verdict.message.slice(0, 2000) : null;
  return {
    status: verdict ? 'error' : 'success',
    result: {
      elapsed_ms: elapsedMs,
      provider: deployment?.provider ?? null,
      model: deployment?.model ?? null,
      warnings: deployment ? [...deployment.upstream.resolved.warnings, ...(trial.notes ?? [])] : [],
      error,
      cause: verdict?.cause ?? null,
      field: verdict?.field ?? null,
      provider_status: status,
      raw_request_typed_dict: request && {
        raw_request_api_base: request.url,
        raw_request_body: request.body,
        raw_request_headers: { ...request.headers },
        error,
      },
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => TOLD_HEADERS.test(name))),
    },
  };
}
