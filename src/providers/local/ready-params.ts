import type { JsonObject } from '../../core/json-object.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FoundModel, FoundServer } from './found.ts';

/** A found model as the body of `POST /model/new`. */
export interface ReadyModel {
  readonly model_name: string;
  readonly litellm_params: JsonObject;
  readonly model_info: JsonObject;
}

export function readyModel(server: FoundServer, model: FoundModel, catalogue: Catalogue): ReadyModel {
  const { mode, contextLength, tools, vision, reasoning } = model;
  const known = {
    supports_function_calling: tools,
    supports_vision: vision,
    supports_reasoning: reasoning,
    max_input_tokens: contextLength,
  };
  return {
    model_name: publicName(model.id),
    litellm_params: { model: `${prefixOf(server, mode)}/${model.id}`, api_base: apiBase(server, catalogue) },
    model_info: { mode, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) },
  };
}

function prefixOf({ kind }: FoundServer, mode: string): string {
  return kind === 'ollama' && mode === 'chat' ? 'ollama_chat' : kind;
}

/** The server's address with the path that its kind is called below: `/v1` for all but Ollama. */
export function apiBase({ kind, address }: FoundServer, catalogue: Catalogue): string {
  const usual = URL.parse(catalogue.find(kind)?.base ?? 'http://localhost/v1');
  return address + (usual?.pathname ?? '').replace(/\/+$/, '');
}

/** A file's name for the path that llama.cpp tells when it was given no other; other names as they are. */
function publicName(id: string): string {
  return /\.gguf$/i.test(id) ? (id.split(/[\\/]/).at(-1) ?? id).replace(/\.gguf$/i, '') : id;
}
