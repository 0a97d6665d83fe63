import type { Deployment } from '../core/deployment.ts';
import type { JsonDocument } from '../core/json-document.ts';
import { isObject, wordOf } from '../core/json-object.ts';
import type { Usage } from '../core/usage.ts';
import type { Upstream } from './upstream.ts';

/**
 * Some models search the web for every chat, bill each search beside the tokens, and count none: one search is added, of the size
 * that the client asked for.
 */
export function withUntoldSearch(usage: Usage, body: JsonDocument, { model, upstream }: Deployment<Upstream>): Usage {
  const { searches } = upstream.resolved.reply;
  if (searches === undefined || usage.webSearchRequests !== undefined || !new RegExp(searches).test(model)) return usage;
  const options = body.has('web_search_options') ? body.value('web_search_options') : undefined;
  const size = isObject(options) ? wordOf(options['search_context_size']) : '';
  return { ...usage, webSearchRequests: 1, ...(size === '' ? {} : { webSearchContextSize: size }) };
}
