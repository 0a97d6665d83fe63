import { z } from 'zod';

/** `/health*` (control-plane 14.1). */
export const Liveness = z.string().describe("`I'm alive!`");

export const Readiness = z.object({ status: z.enum(['healthy', 'unhealthy']), db: z.enum(['connected', 'disconnected']) });

export const ReadinessDetails = Readiness.extend({
  cache: z.null(),
  litellm_version: z.string(),
  success_callbacks: z.array(z.string()),
  log_level: z.string(),
  uptime_seconds: z.int(),
  queue_depth: z.int().describe('Spend that waits to be written to the database.'),
  journal: z.enum(['ok', 'failing']),
  database_trouble: z.string().nullable(),
});

const Checked = z.looseObject({ model: z.string(), model_id: z.string(), model_name: z.string(), api_base: z.string() });

export const HealthQuery = z.object({ model: z.string().optional(), model_id: z.string().optional() });
export const Health = z.object({
  healthy_endpoints: z.array(Checked),
  unhealthy_endpoints: z.array(Checked.extend({ error: z.string() })),
  healthy_count: z.int(),
  unhealthy_count: z.int(),
});
