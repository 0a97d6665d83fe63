import { z } from 'zod';

const shared = {
  model: z.string().describe('Public name of a model, or the id of a deployment. It may stand in the path instead.'),
  prompt: z.string().describe('What is to be seen.'),
  n: z.int().optional().describe('How many images; where the provider makes fewer at once, it is asked several times.'),
  size: z.string().optional().describe('Width and height as `1024x1024`, or `auto`.'),
  quality: z.string().optional().describe('`low`, `medium`, `high`, `standard`, `hd` or `auto`, as far as the model knows it.'),
  response_format: z
    .string()
    .optional()
    .describe('`url` or `b64_json`. Where the provider gives addresses alone, `b64_json` fetches the images from there.'),
  background: z.string().optional(),
  output_format: z.string().optional(),
  output_compression: z.int().optional(),
  user: z.string().optional().describe('End user, for the spend rows.'),
  stream: z.boolean().optional().describe('Answer with server-sent events.'),
  partial_images: z.int().optional().describe('Unfinished images to send while a stream runs, at most 3.'),
  timeout: z.number().optional().describe('Seconds that this call may take.'),
  num_retries: z.int().optional(),
};

/** `POST /v1/images/generations` */
export const ImageBody = z
  .looseObject({
    ...shared,
    style: z.string().optional(),
    moderation: z.string().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
    drop_params: z.boolean().optional().describe('Leave out parameters that the provider does not know.'),
  })
  .meta({ id: 'ImageRequest' });

/** The form of `POST /v1/images/edits`. */
export const ImageEditForm = z
  .looseObject({
    ...shared,
    image: z.string().meta({ format: 'binary' }).describe('The image to change; repeated, or as `image[]`, for several.'),
    mask: z.string().meta({ format: 'binary' }).optional().describe('Where the image may be changed: there it is transparent.'),
    input_fidelity: z.string().optional(),
    'fallbacks[]': z.array(z.string()).optional(),
  })
  .meta({ id: 'ImageEditRequest' });

export const ImagesAnswer = z
  .looseObject({
    created: z.int(),
    data: z.array(z.looseObject({ url: z.string().nullish(), b64_json: z.string().nullish(), revised_prompt: z.string().nullish() })),
    usage: z.looseObject({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }).optional(),
  })
  .meta({ id: 'ImagesAnswer' });
