import { wordOf } from '../../core/json-object.ts';
import { z } from 'zod';
import type { Abilities } from '../../core/dialect.ts';

/** A model that an Ollama server has, from `GET /api/tags`. */
export interface OllamaModel {
  /** With its tag: `qwen3:8b`. */
  readonly name: string;
  readonly family: string | null;
  /** As Ollama writes it: `7.6B`. */
  readonly parameterSize: string | null;
  readonly quantization: string | null;
  readonly sizeBytes: number | null;
  /** Runs on another host (Ollama's cloud), so its use may cost money. */
  readonly remote: boolean;
}

/** What `POST /api/show` tells of one model. */
export interface OllamaModelFacts {
  readonly abilities: Abilities;
  /** Can make embeddings; `null` when the server is too old to tell. */
  readonly embedding: boolean | null;
  /** Can answer a chat; `null` when the server is too old to tell. */
  readonly completion: boolean | null;
  /** Tokens the model was made for. */
  readonly contextLength: number | null;
  /** `num_ctx` of its Modelfile. Without one the server's own default applies, often far below `contextLength`. */
  readonly numCtx: number | null;
}

const text = z.string().nullish().catch(null);

const Tags = z.object({
  models: z.array(
    z.object({
      name: text,
      model: text,
      size: z.number().nullish().catch(null),
      remote_host: text,
      details: z.object({ family: text, parameter_size: text, quantization_level: text }).nullish().catch(null),
    }),
  ),
});

const Show = z.object({
  parameters: text,
  capabilities: z.array(z.string()).nullish().catch(null),
  model_info: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** Reads `GET /api/tags`. What is no such list has no models. @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26) */
export function modelsOf(body: unknown): OllamaModel[] {
  const tags = Tags.safeParse(body);
  if (!tags.success) return [];
  return tags.data.models.flatMap((row) => {
    const name = row.model || row.name;
    if (!name) return [];
    return {
      name,
      family: row.details?.family || null,
      parameterSize: row.details?.parameter_size || null,
      quantization: row.details?.quantization_level || null,
      sizeBytes: row.size ?? null,
      remote: Boolean(row.remote_host),
    };
  });
}

/** Reads `POST /api/show`. Unknown stays `null`. @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26) */
export function modelFactsOf(body: unknown): OllamaModelFacts {
  const { data } = Show.safeParse(body);
  const listed = data?.capabilities;
  const has = (capability: string): boolean | null => (listed ? listed.includes(capability) : null);
  const contextLength = contextLengthOf(data?.model_info ?? {});
  const numCtx = numCtxOf(data?.parameters ?? '');
  return {
    abilities: {
      vision: has('vision'),
      tools: has('tools'),
      // Ollama constrains the text itself, so whatever chats can keep to a schema.
      jsonSchema: has('completion'),
      reasoning: has('thinking'),
      audioInput: has('audio'),
      pdfInput: listed ? false : null,
      promptCaching: null,
      webSearch: listed ? false : null,
      maxInputTokens: numCtx ?? contextLength,
      maxOutputTokens: null,
    },
    embedding: has('embedding'),
    completion: has('completion'),
    contextLength,
    numCtx,
  };
}

function contextLengthOf(info: Readonly<Record<string, unknown>>): number | null {
  const value = info[`${wordOf(info['general.architecture'])}.context_length`];
  return typeof value === 'number' && value > 0 ? value : null;
}

function numCtxOf(parameters: string): number | null {
  const value = Number(/^num_ctx\s+(\d+)\s*$/m.exec(parameters)?.[1] ?? 0);
  return value > 0 ? value : null;
}
