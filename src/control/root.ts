import { answerJson } from '../contract/http-json.ts';
import type { Route, RouteCall } from '../core/route.ts';

/** `GET /`: the page of the API for people, a sentence for programs that look whether somebody is here. */
export function rootRoute(showPage: (call: RouteCall) => void): Route {
  return {
    method: 'GET',
    paths: ['/'],
    rights: 'public',
    group: 'public_routes',
    surface: 'control',
    summary: 'Shows the routes to a browser; tells programs that the gateway is here, and where they find it.',
    handle: (call) => {
      if ((call.request.headers.accept ?? '').includes('text/html')) {
        showPage(call);
        return;
      }
      call.headers['vary'] = 'accept';
      answerJson(call, {
        message: 'LLM Gateway is here. Programs use this address as their OpenAI base URL, with or without /v1, and a key as Bearer.',
      });
    },
  };
}
