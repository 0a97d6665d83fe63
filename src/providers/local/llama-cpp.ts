import { z } from 'zod';
import { modeOfName } from '../model-mode.ts';
import { UNKNOWN_MODEL, type FoundModel } from './found.ts';
import type { ListEntry } from './openai-list.ts';

const flag = z.boolean().nullish().catch(null);
const text = z.string().nullish().catch(null);

/** `GET /props` of llama.cpp's server. @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (read 2026-11-26) */
const Props = z.object({
  role: text,
  build_info: text,
  default_generation_settings: z
    .object({ n_ctx: z.number().int().positive().nullish().catch(null) })
    .nullish()
    .catch(null),
  model_ftype: text,
  modalities: z.object({ vision: flag }).nullish().catch(null),
  chat_template: text,
  chat_template_caps: z.object({ supports_tools: flag, supports_preserve_reasoning: flag }).nullish().catch(null),
});
export type LlamaProps = z.infer<typeof Props>;

/** Reads the answer of `/props`; null for what is none of this server. */
export function llamaProps(body: unknown): LlamaProps | null {
  const { data } = Props.safeParse(body);
  if (!data) return null;
  return data.role || data.build_info || data.default_generation_settings ? data : null;
}

/** Whether the server is a router: many models behind one port, each with a state. */
export function isRouter(entries: readonly ListEntry[], props: LlamaProps | null): boolean {
  return props?.role === 'router' || entries.some(({ status }) => status?.value !== undefined && status?.value !== null);
}

/** A router's models that can be asked about without loading them. */
export function isLoaded({ status }: ListEntry): boolean {
  return status?.value === 'loaded';
}

/** @param props what the server says of this model; null when it was not asked, because it would have to load it */
export function llamaModel(entry: ListEntry, props: LlamaProps | null): FoundModel {
  const { id, architecture, meta, status } = entry;
  const template = props?.chat_template ?? null;
  const caps = props?.chat_template_caps;
  const modalities = architecture?.input_modalities;
  const vision = props?.modalities?.vision ?? (modalities ? modalities.includes('image') : null);
  return {
    ...UNKNOWN_MODEL,
    id,
    mode: modeOfName(id),
    contextLength: props?.default_generation_settings?.n_ctx ?? meta?.n_ctx ?? meta?.n_ctx_train ?? null,
    tools: caps?.supports_tools ?? null,
    vision,
    reasoning: template === null ? null : caps?.supports_preserve_reasoning === true || /<think>|enable_thinking/.test(template),
    sizeBytes: meta?.size ?? null,
    parameters: meta?.n_params ? parametersText(meta.n_params) : null,
    quantization: props?.model_ftype?.replace(/^\(guessed\) /, '') || null,
    loaded: status?.value === undefined || status.value === null ? true : isLoaded(entry),
  };
}

/** `7.6B`, `350K` */
function parametersText(count: number): string {
  const [unit, size] = count >= 1e9 ? (['B', 1e9] as const) : count >= 1e6 ? (['M', 1e6] as const) : (['K', 1e3] as const);
  return `${Number((count / size).toPrecision(2))}${unit}`;
}
