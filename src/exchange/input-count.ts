import type { Caller } from '../core/caller.ts';
import type { Deployment } from '../core/deployment.ts';
import type { OutwardDialect } from '../core/dialect.ts';
import { ModelAccessError, UnknownGroupError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import { chatJob } from '../ledger/tokens/chat-job.ts';
import type { Transport } from '../providers/transport/transport.ts';
import type { Router } from '../router/router.ts';
import type { CountQuestion, CountRequest } from './count/question.ts';
import { endpointOf, headersFor } from './endpoints.ts';
import type { CallCounter } from './meter.ts';
import { withProof, type Proof, type Proofs } from './proofs.ts';
import type { Upstream } from './upstream.ts';

export interface InputCountParts {
  readonly router: Router<Upstream>;
  readonly dialects: Readonly<Record<string, OutwardDialect>>;
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
  readonly question: CountQuestion;
}

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

  /** The client's answer. @throws {InvalidRequestError | UnknownGroupError | ModelAccessError} */
  async of(input: CountedInput): Promise<JsonObject> {
    const { counter, dialects } = this.#parts;
    const { question } = input;
    const deployment = this.#deployment(input);
    const dialect = dialects[deployment.dialect];
    const asked = dialect === undefined || deployment.mock !== undefined ? null : question.asked(deployment, dialect);
    const told = asked === null ? null : question.told(await this.#answer(deployment.upstream, asked));
    return told ?? question.counted(await counter.count([chatJob(question.request(), deployment.model)]));
  }

  #deployment({ caller, groupName, model, question }: CountedInput): Deployment<Upstream> {
    const { router } = this.#parts;
    const group = router.find(groupName);
    const [level = []] = group?.levels ?? [];
    if (!group) throw new UnknownGroupError(question.route, model);
    if (!caller.mayUseModel(group.name, group.accessGroups)) throw new ModelAccessError(group.name);
    return router.choose(group, level, NONE_FAILED, router.table.isId(groupName));
  }

  /** Null: the provider did not say in time. */
  async #answer(upstream: Upstream, { path, headers, body }: CountRequest): Promise<unknown> {
    const proof = await this.#proof(upstream);
    if (proof === null) return null;
    const endpoint = endpointOf(upstream, path);
    const exchange = this.#parts.transport.send({
      method: 'POST',
      origin: endpoint.origin,
      path: endpoint.path,
      headers: withProof(headersFor(upstream, endpoint, headers, {}), proof),
      body: Buffer.from(JSON.stringify(body)),
      timeouts: { firstByteMs: PROVIDER_MS, totalMs: PROVIDER_MS, idleMs: PROVIDER_MS },
      tls: upstream.tls,
    });
    try {
      await exchange.opened();
      if (exchange.status !== 200) return null;
      const answer: unknown = JSON.parse((await exchange.whole(LARGEST_COUNT)).toString('utf8'));
      return answer;
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
