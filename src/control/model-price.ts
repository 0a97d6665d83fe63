import type { Caller } from '../core/caller.ts';
import { BadRequestError } from '../core/errors.ts';
import type { Price } from '../core/price.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import type { ModelTable } from '../router/model-table.ts';

export interface ModelPriceParts {
  readonly table: () => ModelTable<Upstream>;
  readonly prices: PriceBook;
}

/** The price of a model by its name, and whose model it is. */
export interface PricedModel {
  readonly price: Price;
  readonly provider: string | null;
  /** The provider's name of it. */
  readonly model: string;
}

/**
 * The price of a model that the caller may call, by its first deployment, else what the price list has for a model of this name.
 *
 * @throws {BadRequestError} when no price is known
 */
export function priceOfModel({ table, prices }: ModelPriceParts, name: string, caller: Caller | null): PricedModel {
  const group = table().find(name);
  const [deployment] = group !== null && caller?.mayUseModel(group.name, group.accessGroups) === true ? group.deployments : [];
  const found = deployment ?? listed(prices, name);
  if (!found.price.known) throw new BadRequestError(`No price is known for the model ${name.slice(0, 200)}.`, 'model');
  return { price: found.price, provider: found.provider, model: found.model };
}

function listed(prices: PriceBook, name: string): PricedModel {
  const slash = name.indexOf('/');
  const [provider, model] = slash > 0 ? [name.slice(0, slash), name.slice(slash + 1)] : ['', name];
  return { price: prices.priceOf({ provider, model, baseModel: name, custom: {} }), provider: provider === '' ? null : provider, model };
}
