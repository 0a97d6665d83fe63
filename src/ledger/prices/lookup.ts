import type { JsonObject } from '../../core/json-object.ts';
import type { PriceOrigin } from '../../core/price.ts';
import type { Catalogue, CatalogueHit } from './catalogue/catalogue.ts';
import { catalogueSchedule, FREE } from './catalogue/schedule.ts';
import { imagePricesOf, type ImagePriceRow } from './image-prices.ts';
import { imageSchedule } from './image-schedule.ts';
import type { PriceMap } from './map.ts';
import { modelNames } from './model-names.ts';
import { readPriceEntry } from './price-entry.ts';
import { catalogueAddress, isLocalProvider } from './provider-ids.ts';
import { NO_RATES, type Schedule } from './rates.ts';

/** Which model's price is asked for. */
export interface ModelName {
  /** Our provider id. */
  readonly provider: string;
  /** The provider's name of the model, without prefix. */
  readonly model: string;
  /** `model_info.base_model`, with or without a provider's prefix. */
  readonly baseModel?: string;
  /** Size and quality of an image, as the map's keys write it: `hd/1024-x-1792`. */
  readonly variant?: string;
}

/** What is known of a model in the tables. */
export interface TableRow {
  /** Null: the row says something of the model, and no price. */
  readonly schedule: Schedule | null;
  readonly origin: PriceOrigin;
  /** The map's entry, when it was found there. */
  readonly entry: JsonObject | null;
  /** Where images have prices on conditions: these, most special first. */
  readonly images?: ImagePriceRow;
  /** Tokens that the model reads and writes together, as the bundled data knows it. */
  readonly contextWindow: number | null;
}

interface Tables {
  readonly map: PriceMap;
  /** Date of the map, `YYYY-MM-DD`. */
  readonly mapDate: string | null;
  readonly catalogue: Catalogue;
}

/**
 * The first that is known (data-plane 16.3): the base model; the provider's model; the model alone; then each of these
 * under shorter names. A map's entry counts before the bundled data's row of the same name. Local servers are free.
 */
export function lookUp(name: ModelName, tables: Tables): TableRow | null {
  const row = (name.baseModel === undefined ? null : lookUpBase(name.baseModel, name.provider, tables)) ?? lookUpModel(name, tables);
  if (row !== null || !isLocalProvider(name.provider)) return row;
  return {
    schedule: [{ when: null, sheet: { ...NO_RATES, entries: FREE } }],
    origin: { source: 'local', rule: `${name.provider}/${name.model}`, date: null },
    entry: null,
    contextWindow: null,
  };
}

function lookUpBase(base: string, provider: string, tables: Tables): TableRow | null {
  const slash = base.indexOf('/');
  const [owner, rest] = slash > 0 ? [base.slice(0, slash), base.slice(slash + 1)] : [provider, base];
  return (
    fromMap(base, null, tables) ??
    lookUpModel({ provider: owner, model: rest }, tables) ??
    (owner === provider ? null : lookUpModel({ provider, model: base }, tables)) ??
    fromHit(tables.catalogue.findByName(rest), owner)
  );
}

function lookUpModel({ provider, model, variant }: ModelName, tables: Tables): TableRow | null {
  for (const name of modelNames(model)) {
    const row = fromMapNames(provider, name, variant, tables) ?? fromCatalogue(provider, name, tables) ?? fromImagePrices(provider, name);
    if (row !== null) return row;
  }
  return null;
}

function fromMapNames(provider: string, name: string, variant: string | undefined, tables: Tables): TableRow | null {
  const names = [`${provider}/${name}`, name];
  const sized = variant === undefined ? [] : names.map((each) => `${variant}/${each}`);
  for (const each of [...sized, ...names]) {
    const row = fromMap(each, provider, tables);
    if (row !== null) return row;
  }
  return null;
}

/** @param provider entries that name another provider are not meant; null: any provider's is */
function fromMap(key: string, provider: string | null, { map, mapDate }: Tables): TableRow | null {
  const entry = map.get(key);
  if (entry === undefined) return null;
  const owner = entry['litellm_provider'];
  const bare = provider !== null && !key.includes(`${provider}/`);
  if (bare && typeof owner === 'string' && !isOf(owner, provider)) return null;
  const { schedule } = readPriceEntry(entry, provider ?? (typeof owner === 'string' ? owner : ''));
  return {
    schedule: schedule[0].sheet.entries.length === 0 ? null : schedule,
    origin: { source: 'map', rule: key, date: mapDate },
    entry,
    contextWindow: null,
  };
}

/** Of a provider with models of many makers the map names the kind too: `vertex_ai-language-models`. */
function isOf(owner: string, provider: string): boolean {
  return owner === provider || owner.startsWith(`${provider}-`);
}

function fromCatalogue(provider: string, name: string, { catalogue }: Tables): TableRow | null {
  if (isLocalProvider(provider)) return null;
  const address = catalogueAddress(provider, name);
  return fromHit(catalogue.find(address.provider, address.model), provider);
}

function fromImagePrices(provider: string, name: string): TableRow | null {
  const images = imagePricesOf(provider, name);
  const usual = images?.prices.at(-1);
  if (!images || !usual) return null;
  return {
    schedule: imageSchedule(usual),
    origin: { source: 'catalogue', rule: `${provider}/${name}`, date: `${images.date}-01` },
    entry: MAKES_IMAGES,
    images,
    contextWindow: null,
  };
}

const MAKES_IMAGES: JsonObject = { mode: 'image_generation' };

function fromHit(hit: CatalogueHit | null, provider: string): TableRow | null {
  if (hit === null) return null;
  return {
    schedule: catalogueSchedule(hit, provider),
    origin: { source: 'catalogue', rule: `${hit.provider}/${hit.model.id}`, date: null },
    entry: null,
    contextWindow: hit.model.context_window ?? null,
  };
}
