import { z } from 'zod';
import { Free, Text } from './body.ts';

const Variable = z.union([z.string(), z.number(), z.boolean()], 'Input should be a valid string');

/** `POST /config/update` (control-plane 13.5). */
export const ConfigUpdateBody = z
  .object({
    litellm_settings: Free.nullish(),
    general_settings: Free.nullish(),
    router_settings: Free.nullish(),
    environment_variables: z
      .record(z.string(), Variable.nullable(), 'Input should be a valid dictionary')
      .nullish()
      .describe('Values are stored encrypted and shown to nobody; null takes one out.'),
  })
  .meta({
    id: 'ConfigUpdate',
    description:
      'Only what is named changes. Maps are merged at every depth, lists of callbacks are joined, null means that a setting is not set whatever the file says.',
  });

export const ConfigUpdateAnswer = z.object({
  message: z.string(),
  warnings: z.array(z.string()).describe('What was taken and is probably not as meant.'),
});

const SETTING_SECTIONS = ['general_settings', 'litellm_settings', 'router_settings'] as const;
const ConfigType = z.enum(
  [...SETTING_SECTIONS, 'environment_variables'],
  'must be general_settings, litellm_settings, router_settings or environment_variables',
);

export const ConfigListQuery = z.object({ config_type: ConfigType.default('general_settings') });
export const FieldQuery = z.object({ field_name: z.string('is needed'), config_type: ConfigType.default('general_settings') });

export const FieldUpdateBody = z.object({
  field_name: Text,
  field_value: z.unknown().describe('Null: the setting is not set, whatever the file says.'),
  config_type: ConfigType.default('general_settings'),
});
export const FieldDeleteBody = FieldUpdateBody.omit({ field_value: true });

/** The row of the database after a change of one field; secrets are masked. */
export const StoredConfigRow = z.object({ param_name: z.string(), param_value: z.record(z.string(), z.unknown()) });

/** One setting. */
export const ConfigField = z.object({
  field_name: z.string(),
  field_type: z.string().describe('`Boolean`, `Integer`, `Float`, `String`, `List` or `Dictionary`.'),
  field_description: z.string(),
  field_value: z.unknown().describe('What is in force, in the units of the configuration file; secrets are masked.'),
  stored_in_db: z.boolean().nullable().describe('True: set in the database; false: elsewhere; null: not set.'),
  field_default_value: z.unknown(),
  premium_field: z.literal(false),
  nested_fields: z.null(),
  source: z.enum(['default', 'file', 'database', 'environment']).describe('Where the value comes from.'),
  place: z.object({ file: z.string(), line: z.int() }).nullable().describe('Where it stands, when a file says it.'),
  unit: z.string().nullable(),
  options: z.array(z.string()).nullable().describe('The words that can be chosen.'),
  acts: z.boolean().describe('False: it is kept and does nothing in this release.'),
  changeable: z.boolean().describe('It may be changed while the gateway runs.'),
});
export type ConfigField = z.infer<typeof ConfigField>;

export const RouterField = ConfigField.pick({
  field_name: true,
  field_type: true,
  field_value: true,
  field_description: true,
  options: true,
  source: true,
  place: true,
  unit: true,
}).extend({ field_default: z.unknown(), ui_field_name: z.string(), link: z.null() });

export const RouterSettingsAnswer = z.object({
  fields: z.array(RouterField),
  current_values: z.record(z.string(), z.unknown()),
  routing_strategy_descriptions: z.record(z.string(), z.string()),
});

export const CallbacksAnswer = z.object({
  status: z.literal('success'),
  callbacks: z.array(
    z.object({
      name: z.string(),
      variables: z.record(z.string(), z.string().nullable()),
      type: z.enum(['success', 'failure', 'success_and_failure']),
    }),
  ),
  alerts: z.array(
    z.object({
      name: z.string(),
      variables: z.record(z.string(), z.string().nullable()),
      active_alerts: z.array(z.string()),
      alerts_to_webhook: z.record(z.string(), z.unknown()),
    }),
  ),
  router_settings: z.record(z.string(), z.unknown()),
  available_callbacks: z.record(z.string(), z.unknown()),
});

export const ActiveCallbacks = z.object({
  success: z.array(z.string()),
  failure: z.array(z.string()),
  success_and_failure: z.array(z.string()),
});

/** How amounts are shown. They are US dollars everywhere on the wire. */
export const DisplayAnswer = z.object({
  currency: z.string().describe('ISO 4217.'),
  exchange_rate: z.string().describe('How much of the currency one US dollar is; decimal text.'),
});
