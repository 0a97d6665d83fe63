import { z } from 'zod';
import { Free, Text } from '../body.ts';

const Addresses = z.array(Text.min(1, 'Input should have at least 1 character').max(500, 'Input should have at most 500 characters'), 'Input should be a valid list').max(50, 'Input should have at most 50 items'); // prettier-ignore

/** `POST /panel/local-servers/look` */
export const LookBody = z.object({
  addresses: Addresses.nullish().describe('Remembered from now on, and looked at: `192.168.1.20:11434`.'),
  forget: Addresses.nullish().describe('Not looked at any more; what is found there is not offered again.'),
});

const Known = z.boolean().nullable().describe('Null when the server does not tell.');

export const LocalModel = z.object({
  id: z.string().describe('What the server calls it.'),
  mode: z.string().describe('`chat`, `embedding` ...'),
  context_length: z.int().nullable(),
  tools: Known,
  vision: Known,
  reasoning: Known,
  size_bytes: z.int().nullable(),
  parameters: z.string().nullable().describe('`7.6B`'),
  quantization: z.string().nullable(),
  loaded: Known,
  remote: z.boolean().describe('Runs on another host, where its use may cost money.'),
  registered: z.boolean().describe('Is a model of the gateway already.'),
  ready: z
    .object({ model_name: z.string(), litellm_params: Free, model_info: Free })
    .describe('The body of `POST /model/new` that makes it a model of the gateway.'),
});

export const LocalServer = z.object({
  kind: z.string().describe('Provider id of the catalogue.'),
  name: z.string(),
  address: z.string(),
  api_base: z.string(),
  version: z.string().nullable(),
  needs_key: z.boolean().describe('It asks for a key before it tells its models.'),
  models: z.array(LocalModel),
});

/** Answer of `GET /panel/local-servers` and of a look. */
export const LocalServersAnswer = z.object({
  looked_at: z.iso.datetime().nullable().describe('Null: nobody has looked since the start.'),
  servers: z.array(LocalServer),
  addresses: z.array(
    z.object({
      address: z.string(),
      state: z.enum(['found', 'no_answer', 'refused']),
      reason: z.string().nullable().describe('Why it is not called.'),
    }),
  ),
  ignored: z.array(z.string()),
});
export type LocalServersAnswer = z.infer<typeof LocalServersAnswer>;
