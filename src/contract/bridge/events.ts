import { z } from 'zod';
import { BridgeId } from './snapshot.ts';

export const BRIDGE_EVENT_TYPES = [
  'budget_warning',
  'budget_exceeded',
  'budget_reset',
  'provider_down',
  'provider_recovered',
  'fallback_used',
  'key_created',
  'key_blocked',
  'key_expiring',
  'key_expired',
  'spend_anomaly',
  'config_error',
  'gateway_started',
  'gateway_stopping',
  'update_available',
] as const;
export type BridgeEventType = (typeof BRIDGE_EVENT_TYPES)[number];

/** Whom an event is about. */
export const BridgeSubject = z.object({
  kind: z.enum(['gateway', 'budget', 'key', 'provider', 'model', 'user']),
  id: BridgeId.nullable(),
  name: z.string(),
});
export type BridgeSubject = z.infer<typeof BridgeSubject>;

/** Something that happened once (home-assistant 16.4). */
export const BridgeEvent = z.object({
  id: z.uuid(),
  type: z.enum(BRIDGE_EVENT_TYPES),
  at: z.iso.datetime(),
  subject: BridgeSubject,
  data: z.record(z.string(), z.unknown()),
});
export type BridgeEvent = z.infer<typeof BridgeEvent>;
