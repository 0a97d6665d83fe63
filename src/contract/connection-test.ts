import { z } from 'zod';
import { Free } from './body.ts';

/** What a model can be for. Not all of them are tried. */
const MODES = [
  'chat',
  'completion',
  'embedding',
  'audio_speech',
  'audio_transcription',
  'image_generation',
  'image_edit',
  'video_generation',
  'batch',
  'rerank',
  'moderation',
  'realtime',
  'responses',
  'ocr',
] as const;

/** `POST /health/test_connection` (control-plane 14.1). */
export const ConnectionTestBody = z.object({
  litellm_params: Free.describe(
    'As in `POST /model/new`. A masked secret (`sk****Cd`) stands for what the named credential or the stored model holds.',
  ),
  mode: z
    .enum(MODES, `Input should be one of ${MODES.join(', ')}`)
    .nullish()
    .describe('What the model is for; without it, what is known of the model decides, else `chat`.'),
  model_info: Free.nullish().describe(
    '`id` of a stored model whose secrets count where the body has none; `health_check_model` in place of a `*`.',
  ),
});
export type ConnectionTestBody = z.infer<typeof ConnectionTestBody>;

/** Why a connection did not work, for advice in a form. */
export const CONNECTION_CAUSES = [
  'key_refused',
  'unknown_model',
  'no_answer',
  'timeout',
  'quota',
  'wrong_address',
  'refused_address',
  'invalid_settings',
  'provider_error',
] as const;
export type ConnectionCause = (typeof CONNECTION_CAUSES)[number];

const Sent = z
  .object({
    raw_request_api_base: z.string(),
    raw_request_body: Free,
    raw_request_headers: z.record(z.string(), z.string()),
    error: z.string().nullable(),
  })
  .describe('The request as it went to the provider, without secrets; null when none was made.');

/** The answer of a connection test. HTTP status is 200 either way. */
export const ConnectionTestAnswer = z.object({
  status: z.enum(['success', 'error']),
  result: z.object({
    elapsed_ms: z.number().describe('From sending to the end of the answer, milliseconds.'),
    provider: z.string().nullable().describe('Provider id of the catalogue; null when it is not known whose model it is.'),
    model: z.string().nullable().describe("The provider's name of the model."),
    warnings: z.array(z.string()).describe('What the owner should know although it worked.'),
    error: z.string().nullable().describe("The provider's own words, secrets masked; null on success."),
    cause: z.enum(CONNECTION_CAUSES).nullable(),
    field: z.string().nullable().describe('The member of `litellm_params` that it most likely concerns.'),
    provider_status: z.number().nullable().describe("The HTTP status of the provider's answer; null when none came."),
    raw_request_typed_dict: Sent.nullable(),
    headers: z.record(z.string(), z.string()).describe("The provider's rate-limit and request-id headers."),
  }),
});
export type ConnectionTestAnswer = z.infer<typeof ConnectionTestAnswer>;
