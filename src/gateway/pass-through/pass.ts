import type { Deployment } from '../../core/deployment.ts';
import type { RouteCall } from '../../core/route.ts';
import type { BookedCall } from '../../exchange/call.ts';
import type { Patience, Proof, Proofs } from '../../exchange/proofs.ts';
import { withProof } from '../../exchange/proofs.ts';
import type { TimeoutSettings } from '../../exchange/journey.ts';
import type { Passages } from '../../exchange/passage/passage.ts';
import type { Upstream } from '../../exchange/upstream.ts';
import type { Relay } from '../../providers/transport/relay.ts';
import { answerHeaders } from '../answer-headers.ts';
import type { CallRouteParts } from '../calls.ts';
import { forward } from './forward.ts';
import { headersBack } from './headers.ts';

export interface PassParts extends Pick<CallRouteParts, 'clock' | 'onBrokenStream'> {
  readonly passages: Passages;
  readonly relay: Relay;
  readonly proofs: Proofs;
  readonly timeouts: () => TimeoutSettings;
}

/** A request that may go on, and where to. */
export interface PassedRequest {
  readonly call: BookedCall;
  readonly deployment: Deployment<Upstream>;
  readonly target: URL;
  /** Without what proves who asks. Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer | null;
  /** Of the caller's own, in place of the gateway's credentials; null and absent: these prove who asks. */
  readonly token?: string | null;
}

/** Holds for a request, sends it on, and books it. @throws what kept it from being answered */
export async function pass(parts: PassParts, routeCall: RouteCall, asked: PassedRequest): Promise<void> {
  const { call, deployment, target, bytes } = asked;
  const { request, response } = routeCall;
  const { callMs, firstEventMs, idleMs } = parts.timeouts();
  const passage = await parts.passages.open(call, deployment, target.pathname);
  const told = (): string[] => [...answerHeaders(call, passage.trail, parts.clock.elapsed()), ...Object.entries(routeCall.headers).flat()];
  try {
    const ms = firstEventMs ?? callMs;
    const proof = await proofFor(parts, routeCall, asked, ms);
    const headers = provenHeaders(parts, routeCall, asked, proof);
    const destination = {
      origin: target.origin,
      path: target.pathname + target.search,
      headers,
      tls: deployment.upstream.tls,
      body: bytes,
      firstByteMs: ms,
      idleMs,
    };
    const answer = await parts.relay.send(request, response, destination, () => {
      passage.sent();
    });
    parts.proofs.answered(deployment.upstream, proof, answer.statusCode ?? 0);
    await forward(answer, response, passage, () => [...headersBack(answer.rawHeaders, deployment.upstream.secrets), ...told()]);
  } catch (error) {
    await passage.fail(error);
    if (response.headersSent) parts.onBrokenStream(error, call.callId);
    const list = told();
    for (let at = 0; at < list.length; at += 2) routeCall.headers[list[at] ?? ''] = list[at + 1] ?? '';
    throw error;
  }
}

/** What the provider must be shown beside a key; a client that leaves does not wait for it. */
function proofFor(
  { proofs }: PassParts,
  { response }: RouteCall,
  { deployment, token = null }: PassedRequest,
  ms: number,
): Proof | Promise<Proof> {
  if (token !== null) return { headers: { authorization: `Bearer ${token}` }, secrets: [] };
  return proofs.of(deployment.upstream, (): Patience => {
    const left = new AbortController();
    response.once('close', () => {
      left.abort();
    });
    return { signal: left.signal, ms };
  });
}

/** The headers with what proves who asks: a key, a token, or a signature over all of the request. */
function provenHeaders(
  { clock }: PassParts,
  { request }: RouteCall,
  { deployment: { upstream }, headers, bytes, target }: PassedRequest,
  proof: Proof,
): Readonly<Record<string, string>> {
  const proven = withProof({ ...headers, ...upstream.resolved.credentials }, proof);
  const signer = proof.signer ?? upstream.resolved.signer;
  if (signer === null) return proven;
  const { host: _host, ...signed } = signer.sign(
    {
      method: request.method ?? 'GET',
      origin: target.origin,
      path: target.pathname + target.search,
      headers: proven,
      body: bytes ?? new Uint8Array(),
    },
    clock.now(),
  );
  return signed;
}
