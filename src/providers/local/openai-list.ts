import { z } from 'zod';
import { modeOfName } from '../model-mode.ts';
import { UNKNOWN_MODEL, type FoundModel, type LocalKind } from './found.ts';

const text = z.string().nullish().catch(null);
const count = z.number().int().positive().nullish().catch(null);

const Entry = z.object({
  id: z.string().min(1),
  owned_by: text,
  max_model_len: count,
  architecture: z
    .object({ input_modalities: z.array(z.string()).nullish().catch(null) })
    .nullish()
    .catch(null),
  meta: z.object({ n_ctx: count, n_ctx_train: count, n_params: count, size: count }).nullish().catch(null),
  status: z.object({ value: text }).nullish().catch(null),
});
export type ListEntry = z.infer<typeof Entry>;

const List = z.object({ data: z.array(z.unknown()).nullish() });

/** Entries of `GET /v1/models` as every OpenAI-shaped server writes it; null for what is no such list. */
export function listIn(body: unknown): ListEntry[] | null {
  const list = List.safeParse(body);
  if (!list.success || list.data.data === undefined) return null;
  return (list.data.data ?? []).flatMap((entry) => {
    const read = Entry.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}

/** Who a server says that its models belong to, where that names the server. */
const OWNERS: Readonly<Record<string, LocalKind>> = {
  llamacpp: 'llamacpp',
  vllm: 'hosted_vllm',
  sglang: 'sglang',
  koboldcpp: 'koboldcpp',
};

/** The server by its own word; null when it does not say. */
export function kindByOwner(entries: readonly ListEntry[]): LocalKind | null {
  for (const { owned_by: owner } of entries) {
    const kind = OWNERS[owner?.toLowerCase() ?? ''];
    if (kind !== undefined) return kind;
  }
  return null;
}

/** The models of a server that tells no more than this list: vLLM (with context sizes), SGLang, LocalAI, Jan, KoboldCpp. */
export function listedModels(entries: readonly ListEntry[]): FoundModel[] {
  return entries.map(({ id, max_model_len: context }) => ({
    ...UNKNOWN_MODEL,
    id,
    mode: modeOfName(id),
    contextLength: context ?? null,
  }));
}
