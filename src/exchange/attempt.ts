import type { Clock } from '../core/clock.ts';
import type { Deployment } from '../core/deployment.ts';
import { ClientGoneError } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import { MalformedAnswerError } from '../core/provider-error.ts';
import { turnHeaders } from '../providers/copilot/turn-headers.ts';
import type { Router } from '../router/router.ts';
import type { Timeouts, UpstreamExchange } from '../providers/transport/upstream-exchange.ts';
import type { Call } from './call.ts';
import type { Prepared, RestOfCall, StreamTranslator, WholeAnswer } from './codec.ts';
import { lasting, replyInTime } from './creation.ts';
import { JobRun, TakenReply, type JobRunParts } from './job-run.ts';
import type { Meter, Used } from './meter.ts';
import type { Reply } from './reply.ts';
import { withoutSecrets } from './own-secrets.ts';
import { placedPath, withProof, type Proof } from './proofs.ts';
import type { Question, Ways } from './question.ts';
import { noteFailure, round, type AttemptNote, type Trail } from './trail.ts';
import { unpacked } from './unpacked.ts';
import type { Upstream } from './upstream.ts';

/** What an attempt tells of its answer, so that it can be booked. */
export type Booking = Pick<Meter, 'firstToken' | 'quote' | 'progress' | 'inVain' | 'succeed' | 'fail'>;

export interface AttemptParts {
  readonly call: Call;
  readonly deployment: Deployment<Upstream>;
  readonly prepared: Prepared;
  readonly proof: Proof;
  readonly trail: Trail;
  readonly note: AttemptNote;
  readonly meter: Booking;
  /** Told when an answer that had begun breaks off. */
  readonly router: Pick<Router<Upstream>, 'broke'>;
  readonly clock: Clock;
  /** Waits; rejects when the signal fires. */
  readonly wait: JobRunParts['wait'];
}

/** Largest answer taken whole. */
const LARGEST_ANSWER = 134_217_728;
/** `{` and `[`: how JSON begins, and no stream of these framings. */
const OPENING: ReadonlySet<number | undefined> = new Set([0x7b, 0x5b]);
const BEGINS_OTHERWISE: ReadonlySet<Prepared['framing']> = new Set(['sse', 'aws-event-stream', 'aws-payload']);
/** Largest error body read. */
const LARGEST_REFUSAL = 65_536;

/** One request to one deployment, and the questions that its answer needs. */
export class Attempt {
  readonly #parts: AttemptParts;
  readonly #ways: Ways;
  /** What the provider is making, where it answers before it is made. */
  #job: JobRun | null = null;
  /** A piece has left for the client: no second attempt, and a failure from here on is the call's own. */
  #started = false;

  constructor(parts: AttemptParts, ways: Ways) {
    this.#parts = parts;
    this.#ways = ways;
  }

  /** @throws {ProviderError | TimeoutError | ClientGoneError} when there is no answer to begin with */
  async run(timeouts: Timeouts): Promise<Reply> {
    const { call, prepared, clock, trail } = this.#parts;
    const askedAt = clock.elapsed();
    trail.leftOut = prepared.leftOut ?? [];
    const first = await this.#got(prepared, timeouts, askedAt, async (exchange) => {
      if (prepared.rest === undefined && (call.stream || prepared.streams?.(exchange.headers) === true))
        return this.#stream(exchange, askedAt, (whole) => this.#complete(whole, timeouts, askedAt));
      return this.#answer(exchange, prepared, askedAt);
    });
    if ('kind' in first) return first;
    const all = await this.#complete(first, timeouts, askedAt);
    return call.stream ? this.#retold(all) : this.#booked(all);
  }

  /** The first answer with all that belongs to it: those of further requests, and what it needs to be read. */
  async #complete(first: WholeAnswer, timeouts: Timeouts, askedAt: number): Promise<WholeAnswer> {
    const { prepared } = this.#parts;
    const whole = prepared.rest ? await this.#joined(prepared.rest, timeouts, askedAt) : first;
    return prepared.completed ? prepared.completed(whole) : whole;
  }

  /** Sends one request, and where its answer is made later, asks for it until it is there. */
  #got<T>(
    request: Prepared,
    timeouts: Timeouts,
    askedAt: number,
    read: (exchange: UpstreamExchange) => Promise<T>,
  ): Promise<T | WholeAnswer> {
    return request.job === undefined ? this.#ask(request, timeouts, read) : this.#made(request, request.job, timeouts, askedAt, read);
  }

  async #made<T>(
    request: Prepared,
    job: Job,
    timeouts: Timeouts,
    askedAt: number,
    read: (exchange: UpstreamExchange) => Promise<T>,
  ): Promise<T | WholeAnswer> {
    const { call, deployment, clock, wait } = this.#parts;
    const { egress } = this.#ways;
    const run = new JobRun({ job, upstream: deployment.upstream, client: call.client, egress, clock, wait, timeouts, askedAt });
    this.#job = run;
    const ask = (question: Question, within: Timeouts, streams: boolean): Promise<TakenReply | T> =>
      this.#ask<TakenReply | T>(question, within, (exchange) => (streams ? read(exchange) : this.#taken(exchange)));
    try {
      let reply =
        job.begins === undefined
          ? await this.#create(request, run)
          : await this.#ask<TakenReply | T>(request, timeouts, (exchange) =>
              run.begins(exchange) ? this.#taken(exchange) : read(exchange),
            );
      while (reply instanceof TakenReply) {
        const question = await run.next(reply);
        if (question === null) {
          this.#noted(reply.exchange, askedAt);
          return request.whole(reply.body, reply.headers);
        }
        const { streams } = question;
        reply = await run.answered(() => ask(question, streams ? timeLeft(timeouts, clock.elapsed() - askedAt) : run.left(), streams));
      }
      return reply;
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  /** Has a job made, and ended should nobody wait for it once its provider tells of it. */
  async #create(request: Prepared, run: JobRun): Promise<TakenReply> {
    const { call, trail, wait } = this.#parts;
    if (call.client.gone) throw new ClientGoneError('the client is gone');
    const timeouts = run.left();
    const exchange = this.#send(request, lasting(timeouts));
    const late = (reply: TakenReply): void => {
      run.learn(reply);
      this.#abandon(run);
    };
    const reply = this.#reply(exchange, (opened) => this.#taken(opened));
    try {
      return await replyInTime({ exchange, reply, client: call.client, wait, timeouts, late });
    } catch (error) {
      throw this.#told(error);
    } finally {
      trail.sent ||= exchange.sent;
    }
  }

  async #taken(exchange: UpstreamExchange): Promise<TakenReply> {
    const body = await unpacked(await exchange.whole(LARGEST_ANSWER), exchange, LARGEST_ANSWER);
    return new TakenReply(exchange, body);
  }

  /** Nobody waits for the job any more: its provider may stop. Whether it heard is its own matter. */
  #abandon(run = this.#job): void {
    try {
      const question = run?.abandoned() ?? null;
      if (question === null) return;
      const exchange = this.#send(question, ASIDE);
      exchange.opened().then(
        () => {
          exchange.drain();
        },
        () => undefined,
      );
    } catch {
      // An address that must not be called is not.
    }
  }

  /** What the job of a stream says at its end, as an event of the stream; null: nothing, and what it used is counted. */
  async #closing(): Promise<Buffer | null> {
    try {
      return (await this.#job?.closing((question) => this.#ask(question, ASIDE, (exchange) => this.#taken(exchange)))) ?? null;
    } catch (error) {
      if (this.#parts.call.client.gone) throw error;
      return null;
    }
  }

  /** Sends one request and has what comes back read. */
  async #ask<T>(question: Question, timeouts: Timeouts, read: (exchange: UpstreamExchange) => Promise<T>): Promise<T> {
    const { call, trail } = this.#parts;
    if (call.client.gone) throw new ClientGoneError('the client is gone');
    const exchange = this.#send(question, timeouts);
    call.client.onGone = () => {
      exchange.abort(new ClientGoneError('the client is gone'));
    };
    try {
      return await this.#reply(exchange, read);
    } catch (error) {
      exchange.abort();
      throw this.#told(error);
    } finally {
      trail.sent ||= exchange.sent;
    }
  }

  async #reply<T>(exchange: UpstreamExchange, read: (exchange: UpstreamExchange) => Promise<T>): Promise<T> {
    const { trail } = this.#parts;
    await exchange.opened();
    // Before anything is read: a short answer may be over, and booked, with its first piece.
    trail.sent = true;
    trail.upstreamHeaders = exchange.headers;
    if (exchange.status >= 300) throw await this.#refusal(exchange);
    return read(exchange);
  }

  #send({ method = 'POST', stranger = false, origin, path, headers, body, tls }: Question, timeouts: Timeouts): UpstreamExchange {
    const { deployment, proof } = this.#parts;
    const { transport, publicTransport } = this.#ways;
    if (stranger) return publicTransport.send({ method, origin, path, headers, body, timeouts, tls });
    return transport.send({
      method,
      origin: proof.origin ?? origin,
      path: placedPath(path, proof),
      headers: withProof(this.#headers(headers, body), proof),
      body,
      timeouts,
      tls,
      signer: proof.signer ?? deployment.upstream.resolved.signer,
    });
  }

  /** With what the provider wants to know of the turn. */
  #headers(headers: Question['headers'], body: Question['body']): Question['headers'] {
    const { headersOfTurn } = this.#parts.deployment.upstream.resolved;
    return headersOfTurn === null || !Buffer.isBuffer(body) ? headers : { ...turnHeaders(body), ...headers };
  }

  /** The other requests that the call needs, in what is left of its time. */
  async #joined(rest: RestOfCall, timeouts: Timeouts, askedAt: number): Promise<WholeAnswer> {
    for (const request of rest.requests) {
      const now = this.#parts.clock.elapsed();
      try {
        await this.#got(request, timeLeft(timeouts, now - askedAt), now, (exchange) => this.#answer(exchange, request, now));
      } catch (error) {
        if (rest.partly === true && !this.#parts.call.client.gone) break;
        // Of a client that left, all that it asked for is billed.
        if (!this.#parts.call.client.gone) this.#parts.meter.inVain(this.#parts.deployment, rest.told?.() ?? []);
        throw error;
      }
    }
    return rest.joined();
  }

  async #refusal(exchange: UpstreamExchange): Promise<Error> {
    const { prepared, note } = this.#parts;
    note.status = exchange.status;
    const body = await Promise.resolve(exchange.whole(LARGEST_REFUSAL)).catch(() => Buffer.alloc(0));
    const text = (await unpacked(body, exchange, LARGEST_REFUSAL).catch(() => Buffer.alloc(0))).toString('utf8');
    return prepared.error({ status: exchange.status, headers: exchange.headers, body: text });
  }

  async #answer(exchange: UpstreamExchange, prepared: Prepared, askedAt: number): Promise<WholeAnswer> {
    const arrived = exchange.whole(LARGEST_ANSWER);
    const body = Buffer.isBuffer(arrived) ? arrived : await arrived;
    const bytes = exchange.headers['content-encoding'] === undefined ? body : await unpacked(body, exchange, LARGEST_ANSWER);
    this.#noted(exchange, askedAt);
    return prepared.whole(bytes, exchange.headers);
  }

  async #booked(answer: WholeAnswer): Promise<Reply> {
    await this.#parts.meter.succeed(usedBy(answer));
    return { kind: 'whole', body: answer.body, contentType: answer.contentType ?? JSON_TYPE };
  }

  async #stream(exchange: UpstreamExchange, askedAt: number, complete: (whole: WholeAnswer) => Promise<WholeAnswer>): Promise<Reply> {
    if (exchange.headers['content-encoding'] !== undefined && exchange.headers['content-encoding'] !== 'identity') {
      throw new MalformedAnswerError('The provider compressed its stream although nobody asked for that.', 'shape');
    }
    const opening = await exchange.read();
    if (opening !== null && this.#isWhole(exchange, opening)) return this.#wholeInstead(exchange, opening, askedAt, complete);
    const translator = this.#parts.prepared.stream(exchange.headers);
    const pieces = this.#pieces(exchange, translator, opening);
    const first = await pieces.next();
    this.#noted(exchange, askedAt);
    if (this.#parts.call.stream) this.#parts.meter.quote(translator);
    return {
      kind: 'stream',
      contentType: translator.contentType ?? null,
      first: first.done === true ? '' : first.value,
      rest: pieces,
      fail: (failure) => translator.fail?.(failure) ?? null,
    };
  }

  /** Whether one body came in place of a stream. */
  #isWhole({ headers }: UpstreamExchange, opening: Buffer): boolean {
    const { prepared } = this.#parts;
    return prepared.streams === undefined ? BEGINS_OTHERWISE.has(prepared.framing) && OPENING.has(opening[0]) : !prepared.streams(headers);
  }

  /** The provider gave its whole answer in one JSON body although a stream was asked for. */
  async #wholeInstead(
    exchange: UpstreamExchange,
    opening: Buffer,
    askedAt: number,
    complete: (whole: WholeAnswer) => Promise<WholeAnswer>,
  ): Promise<Reply> {
    const first = this.#parts.prepared.whole(Buffer.concat([opening, await exchange.whole(LARGEST_ANSWER)]), exchange.headers);
    this.#noted(exchange, askedAt);
    return this.#retold(await complete(first));
  }

  /** A whole answer for a client that wants a stream. */
  async #retold(answer: WholeAnswer): Promise<Reply> {
    const { prepared, meter } = this.#parts;
    const told = prepared.retold(answer);
    meter.firstToken();
    await meter.succeed(usedBy(answer));
    return { kind: 'stream', contentType: null, first: told, rest: nothingMore() };
  }

  /** @param opening what was read already; null: the provider closed at once */
  async *#pieces(exchange: UpstreamExchange, translator: StreamTranslator, opening: Buffer | null): AsyncGenerator<string, void, void> {
    const { call, deployment, meter, note, router } = this.#parts;
    try {
      let chunk = opening;
      for (;;) {
        const text = chunk === null ? translator.end() : translator.push(chunk);
        const ended = chunk === null || translator.done;
        // The row stands in the journal before the last byte leaves (ruling M2).
        if (ended) this.#ended();
        if (ended && !translator.failure) await meter.succeed(translator);
        else meter.progress(translator.outputBytes);
        if (text !== '') {
          if (!this.#started) meter.firstToken();
          this.#started = true;
          yield text;
        }
        if (translator.failure) throw translator.failure;
        if (ended) return;
        const arrived = translator.unsettled === true ? this.#closing() : exchange.read();
        chunk = Buffer.isBuffer(arrived) ? arrived : await arrived;
      }
    } catch (thrown) {
      const error = this.#told(thrown);
      this.#ended();
      if (!(error instanceof ClientGoneError)) noteFailure(note, error);
      if (this.#started) {
        if (!(error instanceof ClientGoneError) && !call.client.gone) router.broke(deployment, error);
        await meter.fail(error, translator);
      }
      throw error;
    } finally {
      this.#ended();
      if (translator.done) exchange.drain();
      else {
        exchange.abort(new ClientGoneError('the client is gone'));
        this.#abandon();
      }
      if (this.#started) void meter.fail(new ClientGoneError('the client is gone'), translator);
    }
  }

  /** Before it is booked: the row tells how long the provider took. */
  #ended(): void {
    const { note, call, clock } = this.#parts;
    note.end = round(clock.elapsed() - call.arrivedAt);
  }

  #told(error: unknown): unknown {
    const { deployment, proof } = this.#parts;
    return withoutSecrets(error, [...deployment.upstream.secrets, ...proof.secrets]);
  }

  #noted(exchange: UpstreamExchange, askedAt: number): void {
    const { note, trail, call, clock } = this.#parts;
    const now = clock.elapsed();
    note.firstByte = round((exchange.firstByteAt || now) - call.arrivedAt);
    note.end = round(now - call.arrivedAt);
    note.status = exchange.status;
    trail.upstreamMs += now - askedAt;
  }
}

const JSON_TYPE = 'application/json';

/** For what only belongs to a job: its end before its time, and what it says of itself afterwards. */
const ASIDE: Timeouts = { firstByteMs: 5000, totalMs: 5000, idleMs: 5000 };

/** @param goneMs since the call began to be asked */
function timeLeft({ firstByteMs, totalMs, idleMs, spentMs }: Timeouts, goneMs: number): Timeouts {
  const left = (ms: number): number => Math.max(1, ms - goneMs);
  return {
    firstByteMs: left(firstByteMs),
    totalMs: totalMs === null ? null : left(totalMs),
    idleMs,
    spentMs: { firstByte: (spentMs?.firstByte ?? 0) + goneMs, total: (spentMs?.total ?? 0) + goneMs },
  };
}

function usedBy(answer: WholeAnswer): Used {
  const { usage, guess, body } = answer;
  return { usage, ...(guess === undefined ? {} : { guess }), outputBytes: body.length, text: () => answer.text() };
}

async function* nothingMore(): AsyncGenerator<string, void, void> {}
