import type { Route } from '../core/route.ts';
import { answerJson } from './answer.ts';

/** `GET /`: says that somebody is here, for probes and for people who open the address in a browser. */
export function rootRoute(): Route {
  return {
    method: 'GET',
    paths: ['/'],
    rights: 'public',
    group: 'public_routes',
    surface: 'control',
    summary: 'Says that the gateway is here, and where programs find it.',
    handle: (call) => {
      answerJson(call, {
        message: 'LLM Gateway is here. Programs use this address as their OpenAI base URL, with or without /v1, and a key as Bearer.',
      });
    },
  };
}
