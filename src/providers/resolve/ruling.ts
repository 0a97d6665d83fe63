import type { JsonObject } from '../../core/json-object.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ImageRuleFor } from '../catalogue/image-rules.ts';
import type { Quirks, ReplyFlags } from '../catalogue/quirks.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { mergeQuirks } from '../quirks/merge.ts';
import { textsOf } from './environment.ts';
import type { Place } from './place.ts';

interface RulingOptions {
  readonly catalogue: Catalogue;
  /** `model_info` of the row. */
  readonly info?: JsonObject;
  /** `litellm_settings.disable_stop_sequence_limit`. */
  readonly stopUnlimited?: boolean;
}

/** A model that is asked in another dialect than its provider's others follows the rules of that dialect, or of its maker. */
export function rulingRow(provider: ProviderRow, { dialect, rules }: Place, catalogue: Catalogue): ProviderRow {
  const named = rules ?? (dialect === provider.dialect ? null : dialect);
  return (named === null ? null : catalogue.find(named)) ?? provider;
}

/** How answers are read is told by the provider, and by the maker whose own server speaks. */
export function replyOf(provider: ProviderRow, { rules = null }: Place, catalogue: Catalogue): ReplyFlags {
  const maker = (rules === null ? null : catalogue.find(rules)) ?? provider;
  return { ...inherited(maker, catalogue)?.reply, ...maker.reply };
}

/** Whose rules for models hold as well; null: nobody's. */
export function lenderOf(row: ProviderRow, catalogue: Catalogue): ProviderRow | null {
  return row.rulesOf === undefined ? null : catalogue.find(row.rulesOf);
}

/** The row's own rules over those of the rows it follows. */
export function imageRulesOf(row: ProviderRow, catalogue: Catalogue): readonly ImageRuleFor[] {
  return [...(inherited(row, catalogue)?.images ?? []), ...(lenderOf(row, catalogue)?.images ?? []), ...(row.images ?? [])];
}

/** What the row, its kin, and the owner say of requests, the later over the earlier. */
export function quirksOf(row: ProviderRow, place: Place, { catalogue, info, stopUnlimited }: RulingOptions): Quirks {
  const parent = inherited(row, catalogue);
  const lender = lenderOf(row, catalogue);
  const rules = [...(parent?.rules ?? []), ...(lender?.rules ?? []), ...(row.rules ?? [])].filter(({ match, except }) => {
    return new RegExp(match).test(place.family) && !(except !== undefined && new RegExp(except).test(place.family));
  });
  const elsewhere = row.elsewhere && !isOn(row.elsewhere.hosts, place.base) ? [row.elsewhere.quirks] : [];
  const declared = textsOf(info?.['supported_openai_params']);
  const all = mergeQuirks(
    catalogue.baseQuirks(row.dialect),
    parent?.quirks ?? {},
    row.quirks ?? {},
    ...rules.map((rule) => rule.quirks),
    ...versionQuirks(row, place.version),
    ...elsewhere,
    declared.length > 0 ? { supported: declared, accepts: declared } : {},
  );
  return stopUnlimited ? { ...all, maxItems: {} } : all;
}

function versionQuirks({ versions = [] }: ProviderRow, version: string | null): Quirks[] {
  return versions
    .filter(({ from, before }) => {
      if (version === null) return before === undefined;
      return (from === undefined || version >= from) && (before === undefined || version < before);
    })
    .map(({ quirks }) => quirks);
}

function isOn(hosts: readonly string[], base: string): boolean {
  const { hostname } = new URL(base);
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

function inherited(row: ProviderRow, catalogue: Catalogue): ProviderRow | null {
  return row.inherits === undefined ? null : catalogue.find(row.inherits);
}
