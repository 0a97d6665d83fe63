import type { DialectName } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { RerankShapeName } from '../../dialects/rerank/shapes.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import type { Place } from './place.ts';

/** How documents are ranked at one place. */
export interface RerankPlace {
  readonly shape: RerankShapeName;
  /** What the provider calls the model there. */
  readonly model: string;
  readonly paths: Readonly<Record<string, string>>;
}

/** How text is completed at one place. */
export interface CompletionsPlace {
  readonly by: 'openai' | 'own';
  readonly paths: Readonly<Record<string, string>>;
}

/** In which dialect a provider speaks and hears, and by which wire of it; null: by that of the deployment. */
export interface AudioUse {
  readonly dialect: DialectName;
  readonly wire: string | null;
}

/** Addresses of conversations: what is used as it stands cannot be asked for a completion. */
const OF_CHAT = /\/(?:chat\/completions|api\/chat)$/;

/**
 * How a row's provider completes text for one model; null: as a conversation. A row whose `model_info.mode` is `completion` asks a
 * server that speaks OpenAI's interface for its completions, whatever is known of it.
 *
 * @param written the prefix as the owner wrote it
 * @param place `family` tells which model it is
 */
export function completionsPlace(
  { completions, dialect }: ProviderRow,
  written: string,
  place: Pick<Place, 'base' | 'model' | 'family'>,
  info: JsonObject | undefined,
): CompletionsPlace | null {
  if (OF_CHAT.test(new URL(place.base).pathname)) return null;
  const wanted = info?.['mode'] === 'completion';
  if (completions === undefined) return wanted && dialect === 'openai' ? { by: 'openai', paths: {} } : null;
  const { at, by, models, prefixes = [] } = completions;
  if (models !== undefined && !wanted && !prefixes.includes(written) && !new RegExp(models).test(place.family)) return null;
  const { address } = operationPlace(at, place);
  return { by, paths: address === undefined ? {} : { '/completions': address } };
}

type AddressRules = NonNullable<ProviderRow['rerank']>['at'];

/** Where a row's provider embeds, if not as its dialect does; null: as that does. */
export function embeddingsPlace(
  { embeddings }: ProviderRow,
  place: Pick<Place, 'base' | 'model'>,
): { readonly by: 'vectors'; readonly paths: Readonly<Record<string, string>> } | null {
  if (embeddings === undefined) return null;
  const { address } = operationPlace(embeddings.at, place);
  return { by: embeddings.by, paths: address === undefined ? {} : { '/feature-extraction': address } };
}

/** Where a row's provider makes images, if not where OpenAI's dialect does. */
export function imagePaths({ imagesAt }: ProviderRow, place: Pick<Place, 'base' | 'model'>): Readonly<Record<string, string>> {
  const { address } = operationPlace(imagesAt, place);
  return address === undefined ? {} : { '/images/generations': address };
}

/** In which dialect a row's provider speaks and hears, if not in its own, and where; null: in its own. */
export function audioPlace(
  { audio }: ProviderRow,
  place: Pick<Place, 'base' | 'model'>,
): { readonly voices: AudioUse; readonly paths: Readonly<Record<string, string>> } | null {
  if (audio === undefined) return null;
  const { address } = operationPlace(audio.hears, place);
  return { voices: { dialect: 'voices', wire: audio.wire }, paths: address === undefined ? {} : { '/speech-recognition': address } };
}

/** Where a row's provider ranks, and in which words; null: it does not. */
export function rerankPlace({ rerank }: ProviderRow, place: Pick<Place, 'base' | 'model'>): RerankPlace | null {
  if (rerank === undefined) return null;
  const { model = place.model, ...at } = operationPlace(rerank.at, place);
  return { shape: rerank.shape, model, paths: at.address === undefined ? {} : { '/rerank': at.address } };
}

/** The address, and the model's name there, where the first rule for this base says so. */
function operationPlace(
  rules: AddressRules,
  { base, model }: Pick<Place, 'base' | 'model'>,
): { readonly address?: string; readonly model?: string } {
  const rule = rules?.find(({ match, models = '' }) => new RegExp(match).test(base) && new RegExp(models).test(model));
  if (!rule) return {};
  const filled = (template: string, name: string): string =>
    base
      .replace(new RegExp(rule.match), template)
      .replace(/\{model(_?)\}/g, (_, plain: string) => (plain ? name.replaceAll('.', '_') : name));
  const bare = rule.without === undefined ? model : model.replace(new RegExp(rule.without), '');
  const path = bare.split('/').map(segment).join('/');
  return { address: filled(rule.to, path), ...(rule.model === undefined || isArn(model) ? {} : { model: filled(rule.model, model) }) };
}

/** Names of models may hold an `@`, which may stand in a path. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@');
}

/** A name that tells its place already. */
function isArn(model: string): boolean {
  return model.startsWith('arn:');
}
