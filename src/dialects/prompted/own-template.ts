import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { Around, Template } from './templates.ts';
import { templateFor } from './templates.ts';

/** Members of a deployment that say how prompts are made, in the words of LiteLLM's configuration. They reach no provider. */
export const TEMPLATE_MEMBERS = ['roles', 'initial_prompt_value', 'final_prompt_value', 'hf_model_name'] as const;

/** The template that the deployment describes, else that of the model. @param extras of the request, those of the deployment among them */
export function templateOf(extras: JsonObject, model: string): Template {
  const { roles, initial_prompt_value: begin, final_prompt_value: end, hf_model_name: known } = extras;
  if (!isObject(roles)) return templateFor(wordOf(known) || model);
  return {
    begin: wordOf(begin),
    system: aroundIn(roles['system']),
    user: aroundIn(roles['user']),
    assistant: aroundIn(roles['assistant']),
    end: wordOf(end),
    stops: [],
  };
}

function aroundIn(role: unknown): Around {
  const { pre_message: before, post_message: after } = isObject(role) ? role : {};
  return { before: wordOf(before), after: wordOf(after) };
}
