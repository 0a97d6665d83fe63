import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodType } from 'zod';
import type { Caller } from './caller.ts';

/** Who may call a route. Checked inside the matched route, never by reading the URL again (ruling K9). */
export type Rights =
  /** Nobody is asked. */
  | 'public'
  /** Any valid credential; answers are limited to what the caller may see. */
  | 'info'
  /** Any valid credential; costs money or could. */
  | 'llm'
  /** Administrators, and people for what is their own: the handler looks whose it is. Keys without a person never. */
  | 'own'
  /** Administrators and those who may look at everything. */
  | 'read'
  /** The key of Home Assistant, and administrators. */
  | 'home'
  /** Administrators: the master key, or a person of that role. */
  | 'admin'
  /** The master key alone. */
  | 'master';

/** The shapes of a route for the description of the API (`/openapi.json`); the handler reads by the same schemas. */
export interface RouteShapes {
  readonly query?: ZodType;
  readonly body?: ZodType;
  /** Absent: JSON. */
  readonly bodyType?: 'multipart/form-data';
  readonly answer?: ZodType;
  /** The answer may come as server-sent events instead. */
  readonly streams?: boolean;
}

/** Which group of control-plane 2.4 a route belongs to, for a key's `allowed_routes`. */
export type RouteGroup =
  | 'llm_api_routes'
  | 'mapped_pass_through_routes'
  | 'info_routes'
  | 'management_routes'
  | 'key_management_routes'
  | 'spend_tracking_routes'
  | 'global_spend_tracking_routes'
  | 'public_routes';

export interface RouteCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Null on public routes alone. */
  readonly caller: Caller | null;
  readonly params: Readonly<Record<string, string>>;
  /** The query text after `?`; `''` when there is none. */
  readonly query: string;
  /** Our id of this call (UUID, time-ordered), unique (ruling M7). */
  readonly requestId: string;
  /** The client's `x-litellm-call-id` when it is usable, else `requestId`. */
  readonly callId: string;
  /** `clock.elapsed()` at arrival. */
  readonly arrivedAt: number;
  /** Path as the client wrote it, normalised, without query. */
  readonly path: string;
  /** Headers for the answer, also when it becomes an error; lower case names. */
  readonly headers: Record<string, string>;
}

export type Surface = 'openai' | 'anthropic' | 'gemini' | 'control';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Paths that lead here: literal segments, `:name` for one segment, `*name` for the rest, `*name:method` for the rest up to a method's name. */
  readonly paths: readonly string[];
  readonly rights: Rights;
  readonly group: RouteGroup;
  /** Further groups that hold it: reading a key is both information and key management. */
  readonly alsoIn?: readonly RouteGroup[];
  /** In whose shape errors are told: management answers carry `detail` beside `error` (control-plane 1.2). */
  readonly surface: Surface;
  /** A header that carries the caller's key here beside the usual ones; lower case. */
  readonly keyHeader?: string;
  /** What it does, in one line for `docs/api.md`. */
  readonly summary?: string;
  readonly shapes?: RouteShapes;
  /** Writes the whole answer. What it throws becomes the error answer of its surface. */
  readonly handle: (call: RouteCall) => Promise<void> | void;
}
