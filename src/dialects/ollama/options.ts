import { isObject, type JsonObject } from '../../core/json-object.ts';

/**
 * Names that belong below `options`, not at the top level.
 *
 * @see https://github.com/ollama/ollama/blob/v0.17.4/api/types.go (type Options; older names are ignored there)
 */
const OPTION_NAMES: ReadonlySet<string> = new Set([
  'num_keep',
  'seed',
  'num_predict',
  'top_k',
  'top_p',
  'min_p',
  'tfs_z',
  'typical_p',
  'repeat_last_n',
  'temperature',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
  'penalize_newline',
  'stop',
  'numa',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'low_vram',
  'f16_kv',
  'vocab_only',
  'use_mmap',
  'use_mlock',
  'num_thread',
]);

/** Members of a body that the dialect writes itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(['model', 'messages', 'prompt', 'suffix', 'input', 'stream', 'tools', 'options']);

/**
 * Sorts a provider's own parameters into Ollama's body: `num_ctx` and its like below `options`, the others
 * (`keep_alive`, `think`, `format`, `truncate` ...) at the top. What a client says in Ollama's own words wins over what
 * was translated from OpenAI's.
 *
 * @param extras parameters that are none of OpenAI's
 * @param translated options made from OpenAI parameters
 */
export function withExtras(extras: JsonObject, translated: JsonObject): { options: JsonObject | null; top: JsonObject } {
  const told = Object.entries(extras).filter(([name, value]) => value !== null && value !== undefined && !OWN_NAMES.has(name));
  const flat = Object.fromEntries(told.filter(([name]) => OPTION_NAMES.has(name)));
  const nested = isObject(extras['options']) ? extras['options'] : {};
  const options = { ...translated, ...flat, ...nested };
  return {
    options: Object.keys(options).length > 0 ? options : null,
    top: Object.fromEntries(told.filter(([name]) => !OPTION_NAMES.has(name))),
  };
}
