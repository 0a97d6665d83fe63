import { z } from 'zod';
import { GatewayId } from './commands.ts';

/** What the Supervisor tells Home Assistant of a gateway that runs as an app (home-assistant 14). */
export const Discovered = z.object({
  schema: z.int().min(1),
  gateway_id: GatewayId,
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  ssl: z.boolean(),
  token: z.string().min(1),
  name: z.string().min(1),
  version: z.string().min(1),
});
export type Discovered = z.infer<typeof Discovered>;
