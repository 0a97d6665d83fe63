import type { BrowserContext, Page, Route } from 'playwright-core';
import type { FileServer } from './files.ts';

/** What an address of the API answers: a body, or a function that fulfils the call itself. Keys are `GET v2/session`. */
export type Answers = Readonly<Record<string, unknown>>;

export const SESSION = {
  user_id: 'admin',
  user_email: null,
  user_role: 'proxy_admin',
  login_method: 'username_password',
  expires: null,
  version: '0.1.0',
  read_only: false,
};

/** Refuses a call as the gateway does. */
export function refusal(status: number, message: string, param: string | null = null): (route: Route) => Promise<void> {
  return (route) => route.fulfill({ status, json: { error: { message, type: 'bad_request_error', param, code: String(status) } } });
}

/**
 * Answers calls of the panel in the place of the gateway, for the states that are hard to bring a real one into. What is not in the list is
 * refused as not found.
 */
export async function answer(target: Page | BrowserContext, files: FileServer, answers: Answers): Promise<void> {
  const all: Answers = { 'GET v2/session': SESSION, ...answers };
  await target.route(
    (url) => url.origin === files.url && !url.pathname.startsWith('/ui/'),
    async (route) => {
      const request = route.request();
      const found = all[`${request.method()} ${new URL(request.url()).pathname.slice(1)}`];
      if (typeof found === 'function') await (found as (route: Route) => Promise<void>)(route);
      else if (found === undefined) await refusal(404, 'Not found')(route);
      else await route.fulfill({ json: found });
    },
  );
}
