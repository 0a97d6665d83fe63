import type { Caller } from '../core/caller.ts';
import type { Deployment } from '../core/deployment.ts';
import { ModelAccessError, UnknownGroupError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { isTokenCount } from '../core/usage.ts';
import { API_VERSION } from '../dialects/anthropic/index.ts';
import { COUNTED_MEMBERS } from '../dialects/anthropic/members.ts';
import { vertexMembers, type HostedRequest } from '../dialects/anthropic/vertex.ts';
import { readMessagesCountRequest } from '../dialects/anthropic/messages/request.ts';
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
  /** Body of `POST /v1/messages/count_tokens`. */
  readonly body: JsonObject;
  /** `anthropic-version` and `anthropic-beta` of the client. */
  readonly headers: Readonly<Record<string, string>>;
}

export const COUNT_PATH = '/v1/messages/count_tokens';

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

  /** @throws {InvalidRequestError | UnknownGroupError | ModelAccessError} */
  async of(input: CountedInput): Promise<number> {
    const { counter } = this.#parts;
    const request = readMessagesCountRequest(input.body, input.groupName);
    const deployment = this.#deployment(input);
    const told = deployment.dialect === 'anthropic' && deployment.mock === undefined ? await this.#asked(deployment, input) : null;
    return told ?? counter.count([chatJob(request, deployment.model)]);
  }

  #deployment({ caller, groupName, model }: CountedInput): Deployment<Upstream> {
    const { router } = this.#parts;
    const group = router.find(groupName);
    const [level = []] = group?.levels ?? [];
    if (!group) throw new UnknownGroupError(COUNT_PATH, model);
    if (!caller.mayUseModel(group.name, group.accessGroups)) throw new ModelAccessError(group.name);
    return router.choose(group, level, NONE_FAILED, router.table.isId(groupName));
  }

  /** Null: the provider did not say in time. */
  async #asked(deployment: Deployment<Upstream>, { body, headers }: CountedInput): Promise<number | null> {
    const { upstream } = deployment;
    const proof = await this.#proof(upstream);
    if (proof === null) return null;
    const endpoint = endpointOf(upstream, COUNT_PATH);
    const question = countQuestion(body, headers, deployment);
    const exchange = this.#parts.transport.send({
      method: 'POST',
      origin: endpoint.origin,
      path: endpoint.path,
      headers: withProof(headersFor(upstream, endpoint, question.headers, {}), proof),
      body: Buffer.from(JSON.stringify(question.body)),
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

/** What its provider is asked. Vertex AI counts beside its models, so that the body names the model there too. */
function countQuestion(body: JsonObject, asked: CountedInput['headers'], { target, model }: Deployment<Upstream>): HostedRequest {
  const counted = Object.fromEntries(Object.entries(body).filter(([name]) => COUNTED_MEMBERS.has(name)));
  const headers = { 'anthropic-version': API_VERSION, ...asked };
  if (target.host !== 'vertex') return { headers, body: { ...counted, model } };
  const { members, headers: own } = vertexMembers(headers);
  return { headers: own, body: { ...counted, ...members, model } };
}
