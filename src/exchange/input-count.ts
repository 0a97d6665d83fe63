import type { Caller } from '../core/caller.ts';
import type { Deployment } from '../core/deployment.ts';
import { ModelAccessError, UnknownGroupError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { ChatRequest } from '../core/request.ts';
import { isTokenCount } from '../core/usage.ts';
import { API_VERSION } from '../dialects/anthropic/index.ts';
import { COUNTED_MEMBERS } from '../dialects/anthropic/members.ts';
import { vertexMembers } from '../dialects/anthropic/vertex.ts';
import { forOtherHost } from '../dialects/anthropic/messages/other-host.ts';
import { readMessagesCountRequest } from '../dialects/anthropic/messages/request.ts';
import { lawfulItems } from '../dialects/openai/responses-out/kept-items.ts';
import { COUNTED_OF_RESPONSES, writeResponsesBody } from '../dialects/openai/responses-out/write-request.ts';
import { readResponsesRequest } from '../dialects/openai/responses/request.ts';
import { chatJob } from '../ledger/tokens/chat-job.ts';
import type { Transport } from '../providers/transport/transport.ts';
import type { Router } from '../router/router.ts';
import { endpointOf, headersFor } from './endpoints.ts';
import type { CallCounter } from './meter.ts';
import { withProof, type Proof, type Proofs } from './proofs.ts';
import type { Upstream } from './upstream.ts';

export interface InputCountParts {
  readonly router: Router<Upstream>;
  readonly transport: Transport;
  readonly proofs: Proofs;
  readonly counter: CallCounter;
}

/** Whose input is counted. */
export interface CountedInput {
  readonly caller: Caller;
  /** Model as the client named it, and after the key's aliases. */
  readonly model: string;
  readonly groupName: string;
  readonly body: JsonObject;
}

export interface CountedMessages extends CountedInput {
  /** `anthropic-version` and `anthropic-beta` of the client. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a provider is asked so that it counts. */
interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

export const COUNT_PATH = '/v1/messages/count_tokens';
const RESPONSES_COUNT_PATH = '/responses/input_tokens';

/** How long the provider may take; afterwards the count is our own. */
const PROVIDER_MS = 3000;
const LARGEST_COUNT = 65_536;
const NONE_FAILED: ReadonlySet<Deployment<Upstream>> = new Set();

/** How many tokens a request would read: as the provider counts where it does, else as our tokenizer does. Nothing is booked. */
export class InputCount {
  readonly #parts: InputCountParts;

  constructor(parts: InputCountParts) {
    this.#parts = parts;
  }

  /** Of a body of `POST /v1/messages/count_tokens`. @throws {InvalidRequestError | UnknownGroupError | ModelAccessError} */
  async of(input: CountedMessages): Promise<number> {
    const request = readMessagesCountRequest(input.body, input.groupName);
    const deployment = this.#deployment(input, COUNT_PATH);
    return this.#count(deployment, request, (): Question | null => {
      if (deployment.dialect !== 'anthropic') return inResponses(deployment, () => saidOver(forOtherHost(request).request, deployment));
      return inMessages(input, deployment);
    });
  }

  /** Of a body of `POST /v1/responses`, everything that was said before in it. @throws as {@link of} */
  async ofResponse(input: CountedInput): Promise<number> {
    const { request } = readResponsesRequest(input.body, input.groupName);
    const deployment = this.#deployment(input, RESPONSES_COUNT_PATH);
    return this.#count(deployment, request, () =>
      inResponses(deployment, () => {
        const { previous_response_id: _, input: said, ...rest } = members(input.body, COUNTED_OF_RESPONSES);
        return { ...rest, input: Array.isArray(said) ? lawfulItems(said, deployment.provider, 0) : said };
      }),
    );
  }

  async #count(deployment: Deployment<Upstream>, request: ChatRequest, question: () => Question | null): Promise<number> {
    const asked = deployment.mock === undefined ? question() : null;
    const told = asked === null ? null : await this.#asked(deployment, asked);
    return told ?? this.#parts.counter.count([chatJob(request, deployment.model)]);
  }

  #deployment({ caller, groupName, model }: CountedInput, path: string): Deployment<Upstream> {
    const { router } = this.#parts;
    const group = router.find(groupName);
    const [level = []] = group?.levels ?? [];
    if (!group) throw new UnknownGroupError(path, model);
    if (!caller.mayUseModel(group.name, group.accessGroups)) throw new ModelAccessError(group.name);
    return router.choose(group, level, NONE_FAILED, router.table.isId(groupName));
  }

  /** Null: the provider did not say in time. */
  async #asked({ upstream, model }: Deployment<Upstream>, { path, headers, body }: Question): Promise<number | null> {
    const proof = await this.#proof(upstream);
    if (proof === null) return null;
    const endpoint = endpointOf(upstream, path);
    const exchange = this.#parts.transport.send({
      method: 'POST',
      origin: endpoint.origin,
      path: endpoint.path,
      headers: withProof(headersFor(upstream, endpoint, headers, {}), proof),
      body: Buffer.from(JSON.stringify({ ...body, model })),
      timeouts: { firstByteMs: PROVIDER_MS, totalMs: PROVIDER_MS, idleMs: PROVIDER_MS },
      tls: upstream.tls,
    });
    try {
      await exchange.opened();
      if (exchange.status !== 200) return null;
      const answer: unknown = JSON.parse((await exchange.whole(LARGEST_COUNT)).toString('utf8'));
      const tokens = isObject(answer) ? answer['input_tokens'] : null;
      return isTokenCount(tokens) ? tokens : null;
    } catch {
      return null;
    } finally {
      exchange.abort();
    }
  }

  /** Null: there is none, or not in time. */
  async #proof(upstream: Upstream): Promise<Proof | null> {
    try {
      return await this.#parts.proofs.of(upstream, () => ({ signal: AbortSignal.timeout(PROVIDER_MS), ms: PROVIDER_MS }));
    } catch {
      return null;
    }
  }
}

/** Vertex AI counts beside its models, and wants as members what Anthropic wants as headers. */
function inMessages({ body, headers }: CountedMessages, { target }: Deployment<Upstream>): Question {
  const asked = { 'anthropic-version': API_VERSION, ...headers };
  const counted = members(body, COUNTED_MEMBERS);
  if (target.host !== 'vertex') return { path: COUNT_PATH, headers: asked, body: counted };
  const hosted = vertexMembers(asked);
  return { path: COUNT_PATH, headers: hosted.headers, body: { ...counted, ...hosted.members } };
}

/** Null: the provider does not count what it would read over Responses. */
function inResponses({ upstream }: Deployment<Upstream>, body: () => JsonObject): Question | null {
  return upstream.resolved.responses?.counts === true ? { path: RESPONSES_COUNT_PATH, headers: {}, body: body() } : null;
}

/** Parameters that Responses do not take change nothing in what is read. */
function saidOver(request: ChatRequest, { target }: Deployment<Upstream>): JsonObject {
  return members(writeResponsesBody(request, { ...target, params: { ...target.params, drop: true } }), COUNTED_OF_RESPONSES);
}

function members(body: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => names.has(name) && value !== null));
}
