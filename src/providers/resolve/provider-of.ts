import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { CREDENTIAL_VARIABLES } from '../google/grant.ts';
import { firstSet, type Environment } from './environment.ts';
import { UnresolvedDeployment } from './unresolved.ts';

export interface ProviderChoice {
  readonly row: ProviderRow;
  /** Id or alias as the owner wrote it (`ollama_chat`). */
  readonly written: string;
  /** The model without the prefix. */
  readonly model: string;
  readonly warning?: string;
}

/** Names that tell their provider without a prefix (data-plane 12). */
const KNOWN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(ft:)?(gpt-|o\d|chatgpt-|whisper-|tts-|dall-e-|text-embedding-|omni-moderation-|davinci-|babbage-)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'vertex_ai'],
];

/** Speaks to any OpenAI-compatible server. */
const COMPATIBLE = 'openai_like';

/**
 * Provider and model of `<provider>/<model>`: the first `/` splits (the second, behind an alias such as `azure/speech`), `custom_llm_provider` wins, known names need no prefix,
 * and with an `api_base` everything else is an OpenAI-compatible server.
 *
 * @throws {UnresolvedDeployment} when nothing says whose model it is
 */
export function providerOf(
  { catalogue, env }: { readonly catalogue: Catalogue; readonly env: Environment },
  name: string,
  custom: string | null,
  hasBase: boolean,
): ProviderChoice {
  if (custom !== null) return chosenByName(catalogue, name, custom, hasBase);
  const slash = prefixEnd(name, catalogue);
  const prefix = slash === -1 ? null : name.slice(0, slash);
  const row = prefix === null ? null : catalogue.find(prefix);
  if (row && prefix !== null) return { row, written: prefix, model: name.slice(slash + 1) };
  const known = prefix === null ? KNOWN_NAMES.find(([pattern]) => pattern.test(name)) : undefined;
  if (known) {
    const id = hostOf(known[1], catalogue, env);
    return { row: rowOf(catalogue, id), written: id, model: name };
  }
  if (!hasBase) throw new UnresolvedDeployment(unknown(name, prefix), { param: 'model' });
  const compatible = { row: rowOf(catalogue, COMPATIBLE), written: COMPATIBLE, model: name };
  if (prefix === null) return compatible;
  return {
    ...compatible,
    warning: `"${prefix}" is no provider we know: speaking OpenAI's interface to api_base and asking for "${name}". To be clear, write openai/${name}.`,
  };
}

/** Where the model's name begins, less one; -1: there is no prefix. Some aliases have two parts. */
function prefixEnd(name: string, catalogue: Catalogue): number {
  const first = name.indexOf('/');
  const second = first === -1 ? -1 : name.indexOf('/', first + 1);
  return second !== -1 && catalogue.find(name.slice(0, second)) !== null ? second : first;
}

/** Google has two hosts for its models: AI Studio is meant where its key alone is there. */
function hostOf(id: string, catalogue: Catalogue, env: Environment): string {
  if (id !== 'vertex_ai') return id;
  const has = (provider: string, further: readonly string[]): boolean =>
    firstSet(env, [...(rowOf(catalogue, provider).keys ?? []), ...further]) !== null;
  return has('gemini', []) && !has('vertex_ai', CREDENTIAL_VARIABLES) ? 'gemini' : id;
}

function chosenByName(catalogue: Catalogue, name: string, custom: string, hasBase: boolean): ProviderChoice {
  const row = catalogue.find(custom);
  const model = name.startsWith(`${custom}/`) ? name.slice(custom.length + 1) : name;
  if (row) return { row, written: custom, model };
  if (!hasBase)
    throw new UnresolvedDeployment(`custom_llm_provider "${custom}" is no provider we know, and there is no api_base.`, {
      param: 'custom_llm_provider',
    });
  return {
    row: rowOf(catalogue, COMPATIBLE),
    written: COMPATIBLE,
    model,
    warning: `"${custom}" is no provider we know: speaking OpenAI's interface to api_base.`,
  };
}

function rowOf(catalogue: Catalogue, id: string): ProviderRow {
  const row = catalogue.find(id);
  if (!row) throw new UnresolvedDeployment(`The catalogue has no provider "${id}".`);
  return row;
}

function unknown(name: string, prefix: string | null): string {
  if (prefix === null) return `It is not known whose model "${name}" is: write <provider>/${name}, or set api_base.`;
  return `"${prefix}" is no provider we know: correct the prefix of "${name}", or set api_base for an OpenAI-compatible server.`;
}
