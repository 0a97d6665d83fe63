import { z } from 'zod';

/** A log-in that a person finishes in a browser. */
export const StartedDevice = z.object({
  id: z.string().describe('Names this log-in in the next request.'),
  user_code: z.string().describe('To be entered at `verification_uri`.'),
  verification_uri: z.string(),
  expires_in: z.number().describe('Seconds.'),
  interval: z.number().describe('Seconds between two questions.'),
});
export type StartedDevice = z.infer<typeof StartedDevice>;

export const DevicePollBody = z.object({
  credential_name: z
    .string()
    .min(1)
    .max(200)
    .default('github_copilot')
    .describe('Under which name the account is stored; one of this provider is replaced.'),
});

export const DeviceState = z.object({
  state: z
    .enum(['authorization_pending', 'slow_down', 'expired_token', 'access_denied', 'done'])
    .describe('Before the end ask again after `interval` seconds; after it the log-in is forgotten.'),
  interval: z.number().nullable(),
  credential_name: z.string().nullable().describe('Set when it is done: for `litellm_credential_name` of a model.'),
});
export type DeviceState = z.infer<typeof DeviceState>;
