import { z } from 'zod';

/** What a page can be told of as it happens. */
export const PANEL_TOPICS = ['state', 'spend', 'calls', 'providers'] as const;
export const PanelTopic = z.enum(PANEL_TOPICS);
export type PanelTopic = z.infer<typeof PanelTopic>;

/** What the panel says on its socket. */
export const PanelAsk = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), topics: z.array(PanelTopic).max(PANEL_TOPICS.length) }),
  z.object({ type: z.literal('ping') }),
]);
export type PanelAsk = z.infer<typeof PanelAsk>;

/** Topic `state`: what is not as it was; ask again for it. */
export const StateChange = z.object({ what: z.enum(['models', 'keys', 'users', 'settings', 'database', 'local_servers']) });
export type StateChange = z.infer<typeof StateChange>;

/** Topic `spend`: what came in since the last tick, at most one a second. */
export const SpendTick = z.object({
  /** US dollars, decimal text. */
  spend: z.string(),
  calls: z.int(),
  errors: z.int(),
  tokens: z.int(),
  /** ISO 8601 */
  at: z.string(),
});
export type SpendTick = z.infer<typeof SpendTick>;

/** What the server says. Topic and data belong together: `state` {@link StateChange}, `spend` {@link SpendTick}, `calls` a row of `/spend/logs/v2`. */
export type PanelTold =
  | {
      readonly type: 'ready';
      readonly user: { readonly id: string; readonly name: string; readonly role: string };
      readonly version: string;
    }
  | { readonly type: 'event'; readonly topic: PanelTopic; readonly data: unknown }
  | { readonly type: 'pong' };
