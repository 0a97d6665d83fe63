import { z } from 'zod';
import { PROVIDER_KINDS } from '../providers.ts';

export const PROVIDER_STATES = ['ok', 'degraded', 'cooldown', 'down', 'unknown'] as const;
const State = z
  .enum(PROVIDER_STATES)
  .describe('`degraded`: some calls fail. `cooldown`: rests until a time. `down`: the last calls all failed. `unknown`: no call yet.');

const Moment = z.iso.datetime();

const health = {
  state: State,
  reason: z.string().nullable().describe("The provider's own words for the last failure, shortened; null while it is well."),
  status: z.int().nullable().describe('HTTP status of that failure.'),
  since: Moment.nullable().describe('When the state began.'),
  until: Moment.nullable().describe('When a rest ends.'),
  calls: z.int().describe('Of the last hour, tries included.'),
  errors: z.int().describe('Calls of the last hour that failed by the provider.'),
  median_ms: z.number().nullable().describe('From the request to the first piece of the answer, over the last answers.'),
  last_call_at: Moment.nullable(),
};

export const PanelDeployment = z.object({
  id: z.string(),
  model_name: z.string(),
  model: z.string().describe("The provider's name of the model."),
  api_base: z.string(),
  blocked: z.boolean(),
  ...health,
});

export const PanelProvider = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(PROVIDER_KINDS),
  ...health,
  deployments: z.array(PanelDeployment),
});

/** Answer of `GET /panel/providers`. */
export const PanelProviders = z.object({ providers: z.array(PanelProvider) });
export type PanelProviders = z.infer<typeof PanelProviders>;

/** News of the topic `providers` of the panel's socket: a provider is not as it was. */
export const ProviderNews = z.object({
  provider: z.string(),
  was: State,
  state: State,
  since: Moment,
  until: Moment.nullable(),
  reason: z.string().nullable(),
  recovered: z.boolean().describe('It did not answer before, and does now.'),
});
export type ProviderNews = z.infer<typeof ProviderNews>;
