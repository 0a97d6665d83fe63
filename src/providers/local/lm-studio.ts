import { z } from 'zod';
import { modeOfName } from '../model-mode.ts';
import { UNKNOWN_MODEL, type FoundModel } from './found.ts';

const text = z.string().nullish().catch(null);
const count = z.number().int().positive().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

/** `GET /api/v1/models`, from LM Studio 0.4.0 on. @see https://lmstudio.ai/docs/developer/rest (read 2026-11-26) */
const Native = z.object({
  models: z.array(
    z.object({
      type: text,
      key: z.string().min(1),
      size_bytes: count,
      params_string: text,
      max_context_length: count,
      quantization: z.object({ name: text }).nullish().catch(null),
      loaded_instances: z
        .array(z.object({ config: z.object({ context_length: count }).nullish().catch(null) }))
        .nullish()
        .catch(null),
      capabilities: z
        .object({ vision: flag, trained_for_tool_use: flag, reasoning: z.unknown().optional(), thinking: flag })
        .nullish()
        .catch(null),
    }),
  ),
});

/** `GET /api/v0/models`, from LM Studio 0.3.6 on. @see https://lmstudio.ai/docs/developer/rest/endpoints (read 2026-11-26) */
const Beta = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      type: z.enum(['llm', 'vlm', 'embeddings']),
      quantization: text,
      state: text,
      max_context_length: count,
      loaded_context_length: count,
      capabilities: z.array(z.string()).nullish().catch(null),
    }),
  ),
});

/** The models of LM Studio by either of its own lists; null for what is neither. */
export function lmStudioModels(native: unknown, beta: unknown): FoundModel[] | null {
  const now = Native.safeParse(native);
  if (now.success) return now.data.models.map(nativeModel);
  const before = Beta.safeParse(beta);
  return before.success ? before.data.data.map(betaModel) : null;
}

type NativeModel = z.infer<typeof Native>['models'][number];

function nativeModel(model: NativeModel): FoundModel {
  const { key, type, capabilities, loaded_instances: instances } = model;
  const [running] = instances ?? [];
  const reasoning = capabilities?.reasoning ?? capabilities?.thinking;
  return {
    ...UNKNOWN_MODEL,
    id: key,
    mode: type === 'embedding' || type === 'embeddings' ? 'embedding' : type === 'llm' || type === 'vlm' ? 'chat' : modeOfName(key),
    contextLength: running?.config?.context_length ?? model.max_context_length ?? null,
    tools: capabilities?.trained_for_tool_use ?? null,
    vision: capabilities?.vision ?? null,
    // Told as a switch, or as an object with the efforts that can be asked for.
    reasoning: reasoning === undefined || reasoning === null ? null : reasoning !== false,
    sizeBytes: model.size_bytes ?? null,
    parameters: model.params_string || null,
    quantization: model.quantization?.name ?? null,
    loaded: instances ? instances.length > 0 : null,
  };
}

function betaModel(model: z.infer<typeof Beta>['data'][number]): FoundModel {
  return {
    ...UNKNOWN_MODEL,
    id: model.id,
    mode: model.type === 'embeddings' ? 'embedding' : 'chat',
    contextLength: model.loaded_context_length ?? model.max_context_length ?? null,
    tools: model.capabilities ? model.capabilities.includes('tool_use') : null,
    vision: model.type === 'vlm',
    quantization: model.quantization || null,
    loaded: model.state ? model.state === 'loaded' : null,
  };
}
