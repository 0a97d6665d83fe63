import { z } from 'zod';
import { BridgeDelta, BridgeSnapshot } from './snapshot.ts';

/** Versions of this contract that are understood here (home-assistant 16.1). */
export const SCHEMA_MIN = 1;
export const SCHEMA_MAX = 1;

/** A UUID in small letters: it is an id like any other. */
export const GatewayId = z.uuid().lowercase();

/** Who the gateway is, as anybody who may look is told (`GET /ha/v1/hello`). */
const about = {
  gateway_id: GatewayId,
  name: z.string().min(1),
  app_version: z.string(),
  schema_min: z.int().min(1),
  schema_max: z.int().min(1),
};

const inOrder = ({ schema_min: min, schema_max: max }: { readonly schema_min: number; readonly schema_max: number }): boolean => min <= max;

export const BridgeAbout = z.object(about).refine(inOrder, 'schema_min is above schema_max');

/** The greeting of the integration. */
export const BridgeHello = z
  .object({
    ...about,
    started_at: z.iso.datetime(),
    panel_path: z
      .string()
      .startsWith('/')
      .nullable()
      .optional()
      .describe('Where the panel stands in Home Assistant: `/app/<slug>`; null outside an app.'),
  })
  .refine(inOrder, 'schema_min is above schema_max');
export type BridgeHello = z.infer<typeof BridgeHello>;

/** What the bridge answers. */
export const HelloResult = z.object({
  status: z.enum(['ready', 'not_configured', 'disabled', 'incompatible']),
  schema: z.int().nullable(),
  bridge_version: z.string(),
  disk_version: z.string().nullable().optional(),
  entry_id: z.string().nullable().optional(),
  want: z
    .object({
      interval_s: z.number().min(10).max(3600),
      keys: z.union([z.literal('all'), z.literal('none'), z.array(z.string())]),
      providers: z.boolean(),
      models: z.boolean(),
      budgets: z.boolean(),
    })
    .nullable()
    .optional(),
  time_zone: z.string(),
  currency: z.string().nullable().optional(),
  language: z.string().nullable().optional(),
});
export type HelloResult = z.infer<typeof HelloResult>;

export const BridgePush = z.discriminatedUnion('kind', [
  z.object({ gateway_id: GatewayId, seq: z.int().min(1), kind: z.literal('full'), data: BridgeSnapshot }),
  z.object({ gateway_id: GatewayId, seq: z.int().min(1), kind: z.literal('delta'), data: BridgeDelta }),
]);
export type BridgePush = z.infer<typeof BridgePush>;

export const PushResult = z.object({ accepted: z.boolean(), seq: z.int().optional(), need_full: z.boolean() });
export type PushResult = z.infer<typeof PushResult>;

export const BridgeBye = z.object({ gateway_id: GatewayId, reason: z.enum(['stopping', 'restarting', 'updating']) });
export type BridgeBye = z.infer<typeof BridgeBye>;
