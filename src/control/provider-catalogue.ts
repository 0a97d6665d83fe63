import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import {
  ProviderForm,
  ProviderList,
  ProviderModels,
  ProviderModelsQuery,
  ProvidersQuery,
  type ProviderDetails,
} from '../contract/providers.ts';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { NotFoundError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import type { AbilityTable } from '../providers/abilities.ts';
import { whyNotCallable, type Catalogue } from '../providers/catalogue/catalogue.ts';
import type { ProviderRow } from '../providers/catalogue/row.ts';
import { descriptionOf, usesOf } from '../providers/forms/description.ts';
import { fieldsOf, kindOf, needsKey } from '../providers/forms/fields-of.ts';
import { SAMPLE_MODELS } from '../providers/forms/sample-models.ts';
import { modeOfName } from '../providers/model-mode.ts';

export interface ProviderCatalogueParts {
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly abilities: AbilityTable;
  readonly prices: PriceBook;
}

/** `/public/providers*`: what a form for adding a model must know. Nothing here tells what this installation uses. */
export function providerCatalogueRoutes(parts: ProviderCatalogueParts): Route[] {
  const shared = { method: 'GET', rights: 'public', group: 'public_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/public/providers'],
      summary: 'Lists the ids of all providers that are known; with `?details=true` what they are.',
      shapes: { query: ProvidersQuery, answer: ProviderList },
      handle: (call) => {
        const { details } = readQueryAs(ProvidersQuery, call.query);
        const rows = sorted(parts.catalogue);
        answerJson(call, details === 'true' ? rows.map((row) => detailsOf(row, parts)) : rows.map(({ id }) => id));
      },
    },
    {
      ...shared,
      paths: ['/public/providers/fields'],
      summary: 'Lists for each provider the fields that a form for its models draws.',
      shapes: { answer: z.array(ProviderForm) },
      handle: (call) => {
        answerJson(call, sorted(parts.catalogue).map(formOf));
      },
    },
    {
      ...shared,
      paths: ['/public/providers/:id/models'],
      summary: 'Lists models of a provider that the price data knows, with size, abilities and prices; searched and paged.',
      shapes: { query: ProviderModelsQuery, answer: ProviderModels },
      handle: (call) => {
        answerJson(call, modelsPage(call, parts));
      },
    },
  ];
}

function sorted({ rows }: Catalogue): ProviderRow[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function supportOf(row: ProviderRow): { supported: boolean; reason: string | null } {
  const obstacle = whyNotCallable(row);
  return { supported: obstacle === null, reason: obstacle === null ? null : `${row.name} cannot be called: ${obstacle}.` };
}

function detailsOf(row: ProviderRow, { prices }: ProviderCatalogueParts): ProviderDetails {
  const uses = usesOf(row.endpoints);
  return {
    id: row.id,
    display_name: row.name,
    description: descriptionOf(uses),
    uses,
    kind: kindOf(row),
    endpoints: row.endpoints,
    aliases: row.aliases ?? [],
    website: row.website === '' ? null : row.website,
    needs_key: needsKey(row),
    known_models: prices.countOf(row.id),
    ...supportOf(row),
    obstacle: whyNotCallable(row),
  };
}

function formOf(row: ProviderRow): ProviderForm {
  return {
    provider: row.id,
    provider_display_name: row.name,
    litellm_provider: row.id,
    credential_fields: fieldsOf(row),
    default_model_placeholder: `${row.id}/${SAMPLE_MODELS[row.id] ?? '<model>'}`,
    kind: kindOf(row),
    ...supportOf(row),
  };
}

function modelsPage(call: RouteCall, parts: ProviderCatalogueParts): JsonObject {
  const { search, page, page_size: size } = readQueryAs(ProviderModelsQuery, call.query);
  const row = parts.catalogue.find(call.params['id'] ?? '');
  if (!row) throw new NotFoundError('No provider with this id is known: GET /public/providers lists them.', 'id');
  const wanted = search?.toLowerCase() ?? '';
  const names = parts.prices.modelsOf(row.id).filter((name) => name.toLowerCase().includes(wanted));
  const shown = names.toSorted().slice((page - 1) * size, page * size);
  return {
    models: shown.map((name) => modelOf(row.id, name, parts)),
    total: names.length,
    page,
    page_size: size,
    total_pages: Math.ceil(names.length / size),
  };
}

function modelOf(provider: string, model: string, { abilities, clock, prices }: ProviderCatalogueParts): JsonObject {
  const facts = prices.infoOf({ provider, model, custom: {} }, clock.now());
  const known = abilities.of(model);
  const price = (name: string): unknown => {
    const text = facts.prices[name] ?? null;
    return text === null ? null : JSON.rawJSON(text);
  };
  return {
    id: model,
    model: `${provider}/${model}`,
    mode: facts.mode ?? modeOfName(model),
    max_input_tokens: known.maxInputTokens ?? facts.maxInputTokens,
    max_output_tokens: known.maxOutputTokens ?? facts.maxOutputTokens,
    input_cost_per_token: price('input_cost_per_token'),
    output_cost_per_token: price('output_cost_per_token'),
    cache_read_input_token_cost: price('cache_read_input_token_cost'),
    supports_vision: known.vision,
    supports_function_calling: known.tools,
    supports_reasoning: known.reasoning,
    supports_response_schema: known.jsonSchema,
    supports_audio_input: known.audioInput,
    supports_pdf_input: known.pdfInput,
    supports_prompt_caching: known.promptCaching,
    supports_web_search: known.webSearch,
  };
}
