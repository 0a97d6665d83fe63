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
