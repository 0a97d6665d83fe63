import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import { ClientGoneError } from '../../core/errors.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { BookedCall } from '../call.ts';
import type { EstimateSettings } from '../estimate.ts';
import { Meter, NOTHING_USED, type MeterParts } from '../meter.ts';
import { withoutSecrets } from '../own-secrets.ts';
import type { RunningCalls } from '../running-calls.ts';
import { noteFailure, round, Trail, type AttemptNote } from '../trail.ts';
import type { Upstream } from '../upstream.ts';
import { estimateOfPassage } from './estimate.ts';
import { readingOf } from './reading.ts';
import { tapFor, type Tap } from './tap.ts';

type Headers = Readonly<Record<string, string>>;

export interface PassageParts extends MeterParts {
  readonly dialects: Readonly<Record<string, OutwardDialect>>;
  readonly running: RunningCalls;
  readonly settings: () => EstimateSettings;
}

/** Requests that go to a provider as they are: held for, listened to, booked once, like every call. */
export class Passages {
  readonly #parts: PassageParts;
  #waiting = 0;

  constructor(parts: PassageParts) {
    this.#parts = parts;
  }

  /** Those whose answer has not begun. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Reserves over every limit and budget that applies and writes the request down.
   *
   * @param path at the provider, without query: tells what the answer will be
   * @throws {RateLimitExceededError | BudgetExceededError | LedgerUnavailableError} and then nothing is held
   */
  async open(call: BookedCall, deployment: Deployment<Upstream>, path: string): Promise<Passage> {
    const { running, settings } = this.#parts;
    const trail = new Trail(call.groupName);
    const meter = new Meter(this.#parts, call, trail, running.ended);
    await meter.open(call.groupName, deployment, estimateOfPassage(call, deployment, path, settings()));
    running.add(meter);
    this.#waiting++;
    let waits = true;
    const begun = (): void => {
      if (waits) this.#waiting--;
      waits = false;
    };
    return new Passage({ ...this.#parts, call, deployment, path, trail, meter, begun });
  }
}

interface OnePassage extends PassageParts {
  readonly call: BookedCall;
  readonly deployment: Deployment<Upstream>;
  readonly path: string;
  readonly trail: Trail;
  readonly meter: Meter;
  /** Its answer has begun, or will not. */
  readonly begun: () => void;
}

/** One request on its way through. */
export class Passage {
  readonly trail: Trail;
  readonly #parts: OnePassage;
  readonly #note: AttemptNote;
  readonly #askedAt: number;
  #status = 0;
  #headers: Headers = {};
  #tap: Tap | null = null;
  readonly #refusal: Buffer[] = [];
  #refusalSize = 0;
  #over = false;

  constructor(parts: OnePassage) {
    this.#parts = parts;
    this.trail = parts.trail;
    this.#askedAt = parts.clock.elapsed();
    this.#note = parts.trail.begin(parts.deployment, null, this.#since());
  }

  /** All of the request left: from now on it may cost something (ruling M4). */
  sent(): void {
    this.trail.sent = true;
  }

  /** @param headers lower case names */
  answered(status: number, headers: Headers): void {
    const { begun, call, clock, path } = this.#parts;
    begun();
    this.#status = status;
    this.#headers = headers;
    this.trail.sent = true;
    this.trail.upstreamMs = clock.elapsed() - this.#askedAt;
    this.#note.status = status;
    this.#note.firstByte = this.#since();
    if (status < 400) this.#tap = tapFor(headers, readingOf(path, call.body));
  }

  /** What has arrived, before it goes on. */
  push(chunk: Buffer): void {
    const { meter } = this.#parts;
    if (this.#tap === null) {
      if (this.#refusalSize < LARGEST_REFUSAL) this.#refusal.push(chunk);
      this.#refusalSize += chunk.length;
      return;
    }
    this.#tap.push(chunk);
    meter.firstToken();
    meter.progress(this.#tap.outputBytes);
  }

  /** The answer is over. Its last byte may leave when this resolves (ruling M2). */
  async end(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#note.end = this.#since();
    if (this.#tap === null) return this.#failed(this.#refused(), NOTHING_USED);
    const { used, failure } = this.#tap.heard(true);
    if (failure !== null) return this.#failed(failure, used);
    const { meter, call } = this.#parts;
    // A request that names no model is paid for by what its answer tells, if it tells anything.
    return meter.succeed(used.usage === null && call.model === '' ? { ...used, usage: NO_TOKENS } : used);
  }

  /** The answer broke off, did not come, or nobody waits for it any more. Nothing happens when the request is booked already. */
  async fail(error: unknown): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#parts.begun();
    this.#note.end ??= this.#since();
    await this.#failed(error, this.#tap?.heard(false).used ?? NOTHING_USED);
  }

  #failed(error: unknown, used: Parameters<Meter['fail']>[1]): Promise<void> {
    const { deployment, meter } = this.#parts;
    const told = withoutSecrets(error, deployment.upstream.secrets);
    if (!(told instanceof ClientGoneError)) noteFailure(this.#note, told);
    return meter.fail(told, used);
  }

  /** What the provider's refusal means, in the classes of every call. */
  #refused(): Error {
    const { deployment, dialects } = this.#parts;
    const body = Buffer.concat(this.#refusal).toString('utf8').slice(0, LARGEST_REFUSAL);
    const reply = { status: this.#status, headers: this.#headers, body };
    return (
      dialects[deployment.dialect]?.error(reply) ??
      new ProviderError({ class: 'APIError', status: this.#status, message: `The provider answered with status ${this.#status}.` })
    );
  }

  #since(): number {
    return round(this.#parts.clock.elapsed() - this.#parts.call.arrivedAt);
  }
}

const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };
/** Largest error body read. */
const LARGEST_REFUSAL = 65_536;
