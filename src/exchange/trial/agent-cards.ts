import type { Clock } from '../../core/clock.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { CARD_PATHS, cardHeaders, notesOf, readCard, whyNotAsked, type AgentCard } from '../../dialects/agents/a2a-card.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import { maskedBase } from '../../providers/masked-base.ts';
import { mergeHeaders, UnresolvedDeployment } from '../../providers/resolve.ts';
import type { Transport } from '../../providers/transport/transport.ts';
import type { Client } from '../client.ts';
import type { Upstream } from '../upstream.ts';
import type { ShownRequest } from './shown-request.ts';
import type { TrialResult } from './trial.ts';

export interface AgentCardsParts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly dialects: { readonly a2a: Pick<OutwardDialect, 'error'> };
}

const TIMEOUT_MS = 30_000;
const LARGEST_CARD = 1_048_576;
const NO_HEADERS: Readonly<Record<string, string>> = {};

/** One answer to the question for a card. */
interface Told {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Tries an agent by its card: a run may cost money and do things. */
export class AgentCards {
  readonly #parts: AgentCardsParts;

  constructor(parts: AgentCardsParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async run(deployment: Deployment<Upstream>, client: Client): Promise<TrialResult> {
    const { clock } = this.#parts;
    const begun = clock.elapsed();
    const { upstream } = deployment;
    if (deployment.mock !== undefined) return { error: null, elapsedMs: 0, request: null, status: null, headers: NO_HEADERS };
    let told: Told | null = null;
    let card: AgentCard | null = null;
    let error: unknown = null;
    let url = new URL(upstream.resolved.base);
    try {
      for (url of addressesOf(upstream.resolved.base)) {
        told = await this.#asked(url, upstream, client);
        card = told.status === 200 ? readCard(parsedBody(told.body)) : null;
        if (card !== null || (told.status !== 200 && told.status !== 404)) break;
      }
      error = card === null ? this.#noCard(told) : faultOf(card, upstream);
    } catch (thrown) {
      error = thrown;
    }
    return {
      error,
      elapsedMs: Math.round(clock.elapsed() - begun),
      request: shown(url, upstream),
      status: told?.status ?? null,
      headers: told?.headers ?? NO_HEADERS,
      notes: card === null ? [] : notesOf(card, upstream.defaults),
    };
  }

  async #asked(url: URL, { resolved, tls, defaults }: Upstream, client: Client): Promise<Told> {
    const exchange = this.#parts.transport.send({
      method: 'GET',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: mergeHeaders(
        { accept: 'application/json', 'user-agent': 'llm-gateway' },
        cardHeaders(defaults),
        resolved.headers,
        resolved.credentials,
      ),
      body: null,
      timeouts: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS, idleMs: TIMEOUT_MS },
      tls,
    });
    client.onGone = () => {
      exchange.abort();
    };
    try {
      await exchange.opened();
      const body = await exchange.whole(LARGEST_CARD);
      return { url, status: exchange.status, headers: exchange.headers, body: body.toString('utf8') };
    } catch (error) {
      exchange.abort();
      throw error;
    }
  }

  /** Every place said no, or something else than a card. */
  #noCard(told: Told | null): Error {
    if (told !== null && told.status !== 200 && told.status !== 404)
      return this.#parts.dialects.a2a.error({ status: told.status, headers: told.headers, body: told.body.slice(0, 65_536) });
    return new MalformedAnswerError(`There is no agent card at this address or at the root of its server (${CARD_PATHS[0]}).`, 'shape');
  }
}

function faultOf(card: AgentCard, { defaults }: Upstream): Error | null {
  const fault = whyNotAsked(card, defaults);
  return fault === null ? null : new UnresolvedDeployment(fault, { param: 'a2a_version' });
}

/** Below the agent's own address, as servers of many agents have it, then at the root of its server. */
function addressesOf(base: string): URL[] {
  const { origin, pathname } = new URL(base);
  const places = new Set([pathname.replace(/\/+$/, ''), '']);
  return CARD_PATHS.flatMap((path) => [...places].map((place) => new URL(origin + place + path)));
}

function shown(url: URL, { resolved }: Upstream): ShownRequest {
  return {
    url: maskedBase(url.href),
    body: {},
    headers: Object.fromEntries(Object.keys({ ...resolved.headers, ...resolved.credentials }).map((name) => [name, '***'])),
  };
}
