/** A request to Core's REST API was answered with an error status. */
export class CoreRestError extends Error {
  override readonly name = 'CoreRestError';
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`);
    this.status = status;
  }
}

/** Core's REST API under one address and one token. */
export class CoreRest {
  readonly #url: string;
  readonly #token: string | null;

  constructor(url: string, token: string | null) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * @param body an object goes as JSON, a form as it is
   * @returns the answer's JSON; the text when it is none
   */
  async request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | URLSearchParams): Promise<unknown> {
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: {
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body && !(body instanceof URLSearchParams) ? { 'content-type': 'application/json' } : {}),
      },
      signal: AbortSignal.timeout(20_000),
      ...(body ? { body: body instanceof URLSearchParams ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new CoreRestError(`${method} ${path}`, response.status, text);
    return response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text;
  }
}
