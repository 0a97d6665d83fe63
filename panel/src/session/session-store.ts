import { ApiError } from '../api/client.ts';
import { useGatewayPort } from '../api/address.ts';
import { logIn, logOut, readSession, type Session } from '../api/session.ts';

export type SessionState =
  | { readonly is: 'unknown' }
  | { readonly is: 'in'; readonly session: Session }
  | { readonly is: 'out' }
  /** It was there and ended. Behind ingress only the page around us can renew it. */
  | { readonly is: 'expired'; readonly session: Session | null }
  | { readonly is: 'unreachable'; readonly error: ApiError };

/** The frontend looks after its session once a minute. */
const RENEWED_WITHIN_MS = 65_000;
const RENEWAL_LOOK_MS = 3_000;

/** Finds out who is logged in, and tells who listens when that changes. */
export class SessionStore extends EventTarget {
  #state: SessionState = { is: 'unknown' };
  #renewing = false;

  get state(): SessionState {
    return this.#state;
  }

  async read(): Promise<void> {
    try {
      const session = await readSession();
      useGatewayPort(session.gateway_port);
      this.#enter({ is: 'in', session });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 401) this.#enter({ is: 'unreachable', error });
      else this.#enter({ is: 'out' });
    }
  }

  /** @throws {ApiError} 401 for a wrong name or password, 429 after too many tries */
  async logIn(username: string, password: string): Promise<void> {
    await logIn(username, password);
    await this.read();
  }

  async logOut(): Promise<void> {
    await logOut();
    this.#enter({ is: 'out' });
  }

  /**
   * A call was refused although somebody was logged in. Inside Home Assistant the frontend renews its session by itself within a minute:
   * until then nothing is shown, and the panel asks again.
   */
  expire(): void {
    if (this.#state.is !== 'in') return;
    if (this.#state.session.login_method === 'ingress') void this.#awaitRenewal(this.#state.session);
    else this.#enter({ is: 'expired', session: this.#state.session });
  }

  async #awaitRenewal(session: Session): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      for (const until = Date.now() + RENEWED_WITHIN_MS; Date.now() < until;) {
        await new Promise((resolve) => setTimeout(resolve, RENEWAL_LOOK_MS));
        if (await this.#isBack()) {
          this.#enter({ is: 'in', session });
          return;
        }
      }
      this.#enter({ is: 'expired', session });
    } finally {
      this.#renewing = false;
    }
  }

  async #isBack(): Promise<boolean> {
    return readSession().then(
      () => true,
      () => false,
    );
  }

  #enter(state: SessionState): void {
    this.#state = state;
    this.dispatchEvent(new CustomEvent('change'));
  }
}
