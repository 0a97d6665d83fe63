import { ApiError } from '../api/client.ts';
import { logIn, logOut, readSession, type Session } from '../api/session.ts';

export type SessionState =
  | { readonly is: 'unknown' }
  | { readonly is: 'in'; readonly session: Session }
  | { readonly is: 'out' }
  /** It was there and ended. Behind ingress only the page around us can renew it. */
  | { readonly is: 'expired'; readonly session: Session | null }
  | { readonly is: 'unreachable'; readonly error: ApiError };

/** Finds out who is logged in, and tells who listens when that changes. */
export class SessionStore extends EventTarget {
  #state: SessionState = { is: 'unknown' };

  get state(): SessionState {
    return this.#state;
  }

  async read(): Promise<void> {
    try {
      this.#enter({ is: 'in', session: await readSession() });
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

  /** A call was refused although somebody was logged in. */
  expire(): void {
    if (this.#state.is === 'in') this.#enter({ is: 'expired', session: this.#state.session });
  }

  #enter(state: SessionState): void {
    this.#state = state;
    this.dispatchEvent(new CustomEvent('change'));
  }
}
