import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow, ResponsesRule } from '../catalogue/row.ts';
import type { Place } from './place.ts';

/** Which conversations go over a provider's Responses. Those that a client asks for in the words of Responses do always. */
export interface ResponsesUse {
  /** Every one of them: the owner says so, or the model is nowhere else. */
  readonly always: boolean;
  /** Chats that call tools and think: the model does both together only there. */
  readonly toolsWithReasoning: boolean;
  /** Those of clients that speak Anthropic's dialect. */
  readonly messages: boolean;
  /** The provider counts the tokens of an input. */
  readonly counts: boolean;
  /** Thoughts are summed up for whoever wants the model to think, also where nobody asks for a summary. */
  readonly summaries: boolean;
}

export interface ResponsesSettings {
  /** `litellm_settings.route_all_chat_openai_to_responses`. */
  readonly chats: boolean;
  /** `litellm_settings.use_chat_completions_url_for_anthropic_messages`. */
  readonly messagesOverChat: boolean;
  /** `litellm_settings.reasoning_auto_summary`. */
  readonly summaries: boolean;
}

const DEFAULTS: ResponsesSettings = { chats: false, messagesOverChat: false, summaries: false };
const PREFIX = 'responses/';

/** The name without `responses/` before it, and whether the owner wants the model asked over Responses: by that, or by its mode. */
export function namedForResponses(
  row: ProviderRow,
  name: string,
  info: JsonObject | undefined,
): { readonly name: string; readonly always: boolean } {
  if (row.dialect !== 'openai' || !row.endpoints.includes('responses')) return { name, always: false };
  if (name.startsWith(PREFIX)) return { name: name.slice(PREFIX.length), always: true };
  return { name, always: info?.['mode'] === 'responses' };
}

interface Question {
  readonly row: ProviderRow;
  /** Whose rules for models hold as well. */
  readonly lender: ProviderRow | null;
  readonly place: Place;
  /** The owner wants it so. */
  readonly always: boolean;
  readonly settings: ResponsesSettings | undefined;
}

/** Null: the provider has no Responses, or nobody says that this address has. */
export function responsesUse({ row, lender, place, always, settings = DEFAULTS }: Question): ResponsesUse | null {
  if (place.dialect !== 'openai' || !row.endpoints.includes('responses')) return null;
  const rule = row.responses;
  const common = { counts: rule?.counts === true, summaries: settings.summaries };
  if (always) return { always, toolsWithReasoning: true, messages: true, ...common };
  if (rule === undefined || place.responses !== true || !isOn(rule, place.base)) return null;
  const fitting = [...(lender?.responses?.models ?? []), ...(rule.models ?? [])].filter(({ match, except }) => {
    return new RegExp(match).test(place.family) && !(except !== undefined && new RegExp(except).test(place.family));
  });
  const uses = new Set(fitting.map(({ use }) => use));
  return {
    always: settings.chats || uses.has('always'),
    toolsWithReasoning: uses.has('tools_with_reasoning'),
    messages: rule.messages === true && !settings.messagesOverChat,
    ...common,
  };
}

function isOn({ hosts }: ResponsesRule, base: string): boolean {
  const { hostname } = new URL(base);
  return hosts === undefined || hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
