import { z } from 'zod';

/** `POST /v1/audio/speech`. As with chat, every other member goes to the provider as it came. */
export const SpeechBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment.'),
    input: z.string().describe('The text to speak.'),
    voice: z
      .union([z.string(), z.looseObject({ id: z.string() })])
      .optional()
      .describe("The provider's name of a voice."),
    response_format: z
      .string()
      .optional()
      .describe('`mp3`, `opus`, `aac`, `flac`, `wav` or `pcm`; `mp3` unless the provider says otherwise.'),
    speed: z.number().optional(),
    instructions: z.string().optional().describe('How to speak, for models that understand it.'),
    stream_format: z.enum(['audio', 'sse']).optional().describe('`audio`: the bytes themselves; `sse`: events with pieces of them.'),
    timeout: z.number().optional().describe('Seconds until the audio begins.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'SpeechRequest' });

/** `POST /v1/audio/transcriptions`: the fields of a form. Every other field goes to the provider as it came. */
export const TranscriptionForm = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment. Before `file`, it lets the file pass as it arrives.'),
    file: z.string().meta({ format: 'binary' }).describe('The recording.'),
    language: z.string().optional(),
    prompt: z.string().optional(),
    response_format: z
      .string()
      .optional()
      .describe('`json`, `text`, `srt`, `verbose_json`, `vtt` or `diarized_json`, as far as the provider knows it.'),
    temperature: z.string().optional(),
    'timestamp_granularities[]': z.array(z.string()).optional(),
    'include[]': z.array(z.string()).optional(),
    chunking_strategy: z.string().optional(),
    stream: z.boolean().optional().describe('Answer with server-sent events.'),
    timeout: z.number().optional().describe('Seconds that this call may take once its file is here.'),
    num_retries: z.int().optional(),
    'fallbacks[]': z.array(z.string()).optional(),
  })
  .meta({ id: 'TranscriptionRequest' });

/** The answer of the forms `json` and `verbose_json`; `text`, `srt` and `vtt` are plain text. */
export const TranscriptionAnswer = z
  .looseObject({
    text: z.string(),
    usage: z.looseObject({ type: z.string() }).optional().describe('`{type: "duration", seconds}` or tokens, as the provider told it.'),
  })
  .meta({ id: 'Transcription' });
