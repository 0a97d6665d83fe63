import { z } from 'zod';
import { wireNames } from '../../config/settings/field.ts';
import { routerFields } from '../../config/settings/router.ts';
import type { StoredSection } from '../../config/stored-settings.ts';
import {
  ActiveCallbacks,
  CallbacksAnswer,
  ConfigField,
  ConfigListQuery,
  DisplayAnswer,
  FieldQuery,
  RouterSettingsAnswer,
} from '../../contract/config.ts';
import { answerJson } from '../../contract/http-json.ts';
import { readQueryAs } from '../../contract/query.ts';
import { BadRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Route } from '../../core/route.ts';
import { ACTIVE_CALLBACKS, configuredCallbacks } from './callbacks.ts';
import { configRoute, fieldsOf, type ConfigRouteParts } from './parts.ts';

/** Routes that show settings, and where each value comes from. */
export function configReadRoutes(parts: ConfigRouteParts): Route[] {
  const route = configRoute(parts.ready);
  return [
    route(
      ['GET', '/config/list'],
      'read',
      'Lists the settings of a section: value, default, where the value comes from, and whether it may be changed now.',
      { query: ConfigListQuery, answer: z.array(ConfigField) },
      (call) => {
        answerJson(call, fieldsOf(readQueryAs(ConfigListQuery, call.query).config_type, parts));
      },
    ),
    route(['GET', '/config/field/info'], 'read', 'Shows one setting.', { query: FieldQuery, answer: ConfigField }, (call) => {
      const { field_name: name, config_type: section } = readQueryAs(FieldQuery, call.query);
      answerJson(call, fieldNamed(section, name, parts));
    }),
    route(
      ['GET', '/router/settings'],
      'read',
      'Shows the settings of routing with their values.',
      { answer: RouterSettingsAnswer },
      (call) => {
        answerJson(call, routerSettings(parts, true));
      },
    ),
    route(['GET', '/router/fields'], 'read', 'Shows the settings of routing without values.', { answer: RouterSettingsAnswer }, (call) => {
      answerJson(call, routerSettings(parts, false));
    }),
    route(
      ['GET', '/get/config/callbacks'],
      'read',
      'Shows callbacks and alerts that the configuration names, and the settings of routing.',
      { answer: CallbacksAnswer },
      (call) => {
        answerJson(call, {
          status: 'success',
          callbacks: configuredCallbacks(parts.config().shown.litellm_settings),
          alerts: [{ name: 'slack', variables: { SLACK_WEBHOOK_URL: null }, active_alerts: [], alerts_to_webhook: {} }],
          router_settings: currentRouting(parts),
          available_callbacks: {},
        });
      },
    ),
    route(['GET', '/callbacks/list'], 'read', 'Lists what is told of each call: the spend rows.', { answer: ActiveCallbacks }, (call) => {
      answerJson(call, { success: [], failure: [], success_and_failure: ACTIVE_CALLBACKS });
    }),
    {
      ...route(
        ['GET', '/panel/display'],
        'info',
        'Says in which currency amounts are shown, and at which rate.',
        { answer: DisplayAnswer },
        (call) => {
          const { displayCurrency, displayExchangeRate } = parts.config().general;
          answerJson(call, { currency: displayCurrency, exchange_rate: displayExchangeRate });
        },
      ),
      group: 'info_routes',
    },
    {
      method: 'GET',
      paths: ['/config/yaml'],
      rights: 'public',
      group: 'public_routes',
      surface: 'control',
      summary: 'Says where the schema of the settings stands.',
      shapes: { answer: z.object({ $schema: z.string() }) },
      handle: (call) => {
        answerJson(call, { $schema: '/openapi.json#/components/schemas/ConfigUpdate' });
      },
    },
  ];
}

function fieldNamed(section: StoredSection, name: string, parts: ConfigRouteParts): ConfigField {
  const field = fieldsOf(section, parts).find(({ field_name: own }) => own === name);
  if (!field) throw new BadRequestError(`${section} has no setting ${name.slice(0, 200)}.`, 'field_name');
  return field;
}

const ROUTING = wireNames(routerFields);

/** Those of the reference, whether they act yet or not; nothing that somebody made up. */
function routingFields(parts: ConfigRouteParts): ConfigField[] {
  return fieldsOf('router_settings', parts).filter(({ field_name: name }) => ROUTING.has(name));
}

function currentRouting(parts: ConfigRouteParts): JsonObject {
  const set = routingFields(parts).filter(({ field_value: value }) => value !== null);
  return Object.fromEntries(set.map(({ field_name: name, field_value: value }) => [name, value]));
}

function routerSettings(parts: ConfigRouteParts, withValues: boolean): JsonObject {
  const fields = routingFields(parts);
  return {
    fields: fields.map((field) => routerField(field, withValues)),
    current_values: withValues ? currentRouting(parts) : {},
    routing_strategy_descriptions: STRATEGIES,
  };
}

function routerField(field: ConfigField, withValue: boolean): z.infer<typeof RouterSettingsAnswer>['fields'][number] {
  const { field_name: name, field_default_value: byDefault, source, place, unit, options } = field;
  const words = name.replaceAll('_', ' ');
  return {
    field_name: name,
    field_type: field.field_type,
    field_value: withValue ? field.field_value : null,
    field_description: field.field_description,
    field_default: byDefault,
    options,
    ui_field_name: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    link: null,
    source,
    place,
    unit,
  };
}

const STRATEGIES: Readonly<Record<string, string>> = {
  'simple-shuffle': 'By weight, rpm or tpm of the deployments, and evenly without any of them.',
  'least-busy': 'The deployment with the fewest running calls.',
  'latency-based-routing': 'The deployment that answered fastest of late.',
  'usage-based-routing-v2': 'The deployment with the most of its tokens a minute left.',
  'cost-based-routing': 'The deployment whose price is lowest.',
};
