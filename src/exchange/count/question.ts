import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import type { Upstream } from '../upstream.ts';

/** What a provider that counts is sent. */
export interface CountRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<JsonObject>;
}

/** How much a request would read, asked in one client's dialect. */
export interface CountQuestion {
  /** Route as errors name it. */
  readonly route: string;
  /** The request itself, for our own count. @throws {InvalidRequestError} */
  request(): ChatRequest;
  /** Null: this provider is not asked, it speaks another dialect. */
  asked(deployment: Deployment<Upstream>, dialect: OutwardDialect): CountRequest | null;
  /** The client's answer from the provider's; null: it is no count. */
  told(answer: unknown): JsonObject | null;
  /** The client's answer for our own count. */
  counted(tokens: number): JsonObject;
}
