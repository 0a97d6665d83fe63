import { z } from 'zod';
import { Text } from './body.ts';

const Short = Text.max(1000, 'Input should have at most 1000 characters');

/** `POST /v2/login` (control-plane 15.1). */
export const LogInBody = z.object({
  username: Short.describe('The administrator’s name (`UI_USERNAME`, `admin` when it is not set), or the e-mail of a user.'),
  password: Short.describe('`UI_PASSWORD`, or the master key when that is not set; a user’s own password otherwise.'),
});

/** What the panel knows of who uses it. */
export const SessionAnswer = z.object({
  user_id: z.string(),
  user_email: z.string().nullable(),
  user_role: z.enum(['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer']),
  login_method: z.enum(['username_password', 'sso', 'key', 'ingress']).describe('`ingress`: Home Assistant says who it is.'),
  /** ISO 8601; null: it does not end by itself. */
  expires: z.string().nullable(),
  version: z.string(),
  gateway_port: z
    .int()
    .nullable()
    .optional()
    .describe('Port of the gateway at the host of Home Assistant; null: it is not reached from the network. Absent outside ingress.'),
  read_only: z.boolean().describe('Whether this person may look and change nothing.'),
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;
