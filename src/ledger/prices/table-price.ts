import { decimalOf, NO_USD, type Decimal, type Usd } from '../../core/money.ts';
import type { Cost, Price, PriceOrigin } from '../../core/price.ts';
import type { Usage } from '../../core/usage.ts';
import { costOf, estimateOf, reportedCost, UNPRICED } from '../cost.ts';
import type { Adjustments } from '../cost-adjustments.ts';
import { conditionsOf, fitsImage, type ImagePrice, type ImagePriceRow } from './image-prices.ts';
import { imageSchedule } from './image-schedule.ts';
import { tierOf } from './price-keys.ts';
import { versionAt, type Condition, type PriceVersion, type Schedule } from './rates.ts';
import { tariffFor, tariffTableOf, type Tariff, type TariffTable } from './tariff.ts';

interface TablePriceParts {
  /** The provider whose own figure may be meant by `usage.reportedCost`. */
  readonly provider: string;
  /** Null: no price is known. */
  readonly schedule: Schedule | null;
  /** Ignored without a schedule. */
  readonly origin: PriceOrigin;
  readonly adjustments: Adjustments;
  /** Prices of images on conditions, which count before the schedule; absent: there are none. */
  readonly images?: ImagePriceRow;
  /** Whether the provider's own figure counts before the schedule; without a schedule it always counts. */
  readonly reportedFirst: boolean;
}

interface TableVersion {
  readonly when: Condition | null;
  readonly table: TariffTable;
}

/** A price from a table, made ready for quick multiplication. Never changes: a reload makes new ones (ruling M8). */
export class TablePrice implements Price {
  readonly known: boolean;
  readonly free: boolean;
  readonly #provider: string;
  readonly #versions: readonly [TableVersion, ...TableVersion[]] | null;
  readonly #adjustments: Adjustments;
  readonly #reportedFirst: boolean;
  readonly #images: readonly { readonly price: ImagePrice; readonly tariff: Tariff }[];

  constructor({ provider, schedule, origin, adjustments, images, reportedFirst }: TablePriceParts) {
    this.known = schedule !== null;
    this.free = schedule !== null && schedule.every(costsNothing) && (adjustments.fixed?.units ?? 0n) <= 0n;
    this.#provider = provider;
    this.#versions = schedule === null ? null : compile(schedule, origin);
    this.#adjustments = adjustments;
    this.#reportedFirst = reportedFirst;
    this.#images = (images?.prices.slice(0, -1) ?? []).map((price) => ({ price, tariff: imageTariff(price, origin) }));
  }

  costOf(usage: Usage, at: number): Cost {
    const reported = amountOf(usage.reportedCost);
    if (reported !== null && (this.#reportedFirst || this.#versions === null))
      return reportedCost(reported, this.#provider, this.#adjustments);
    const tariff = this.#imageTariff(usage) ?? this.#tariff(at, usage.serviceTier, usage.inputTokens);
    if (tariff === null) return UNPRICED;
    const cost = costOf(usage, tariff, this.#adjustments);
    // What costs nothing by tokens costs nothing by seconds either.
    return cost.unpriced && this.free ? { ...cost, origin: tariff.origin, unpriced: false } : cost;
  }

  estimate(inputTokens: number, outputTokens: number, at: number, serviceTier?: string): Usd {
    const tariff = this.#tariff(at, serviceTier, inputTokens);
    return tariff === null ? NO_USD : estimateOf(inputTokens, outputTokens, tariff, this.#adjustments);
  }

  /** That of images of this size and quality; null: the usual one. */
  #imageTariff({ images, imagePixels, imageQuality }: Usage): Tariff | null {
    if (this.#images.length === 0 || !images) return null;
    const pixels = imagePixels === undefined ? undefined : imagePixels / images;
    return this.#images.find(({ price }) => fitsImage(price, imageQuality, pixels))?.tariff ?? null;
  }

  #tariff(at: number, serviceTier: string | undefined, inputTokens: number): Tariff | null {
    if (this.#versions === null) return null;
    return tariffFor(versionAt(this.#versions, at).table, tierOf(serviceTier), inputTokens);
  }
}

function compile([first, ...rest]: Schedule, origin: PriceOrigin): readonly [TableVersion, ...TableVersion[]] {
  return [compileVersion(first, origin), ...rest.map((version) => compileVersion(version, origin))];
}

function compileVersion({ when, sheet }: PriceVersion, origin: PriceOrigin): TableVersion {
  const date = when?.type === 'from' ? when.date : origin.date;
  return { when, table: tariffTableOf(sheet, { ...origin, date }) };
}

function imageTariff(price: ImagePrice, origin: PriceOrigin): Tariff {
  const [{ sheet }] = imageSchedule(price);
  return tariffFor(tariffTableOf(sheet, { ...origin, rule: origin.rule + conditionsOf(price) }), null, 0);
}

function costsNothing({ sheet }: PriceVersion): boolean {
  return sheet.entries.length > 0 && sheet.entries.every(({ rate }) => rate.amount.units === 0n);
}

/** The provider's figure when it is an amount, and not negative. */
function amountOf(reported: string | undefined): Decimal | null {
  if (reported === undefined) return null;
  try {
    const amount = decimalOf(reported);
    return amount.units >= 0n ? amount : null;
  } catch {
    return null;
  }
}
