import type { Deployment, ModelGroup } from '../core/deployment.ts';
import { matchesPattern } from '../core/pattern.ts';

/** A row whose public name holds `*`: it makes deployments for the names it matches. */
export interface WildcardRow<Upstream> {
  readonly pattern: string;
  readonly accessGroups: readonly string[];
  /** The deployment for a concrete name; null when the name cannot be served by this row. */
  readonly concrete: (name: string) => Deployment<Upstream> | null;
  /** The public name under which a model of the row's provider can be asked for; null when the row does not serve it. */
  readonly publicName: (model: string) => string | null;
  /** A deployment of the row for any name, to learn of its provider; null when the row names no provider. */
  readonly sample: Deployment<Upstream> | null;
}

export interface ModelAlias {
  readonly alias: string;
  readonly group: string;
  readonly hidden: boolean;
}

/** What the table is made of, in the file's order. */
export interface ModelTableParts<Upstream> {
  readonly deployments: readonly Deployment<Upstream>[];
  readonly wildcards: readonly WildcardRow<Upstream>[];
  readonly aliases: readonly ModelAlias[];
  readonly accessGroupsOf: (deployment: Deployment<Upstream>) => readonly string[];
}

/** Concrete names of wildcard rows kept ready; clients can ask for any number of names. */
const REMEMBERED = 1000;

/**
 * Public names → groups. Built whole for each configuration and never changed, so a call that runs keeps what it began with.
 * Look-up order: data-plane 14.1.
 */
export class ModelTable<Upstream> {
  readonly #groups = new Map<string, ModelGroup<Upstream>>();
  readonly #byId = new Map<string, ModelGroup<Upstream>>();
  readonly #byUpstreamName = new Map<string, ModelGroup<Upstream>>();
  readonly #aliases = new Map<string, ModelAlias>();
  readonly #wildcards: readonly WildcardRow<Upstream>[];
  readonly #concrete = new Map<string, ModelGroup<Upstream> | null>();

  constructor({ deployments, wildcards, aliases, accessGroupsOf }: ModelTableParts<Upstream>) {
    const members = Map.groupBy(deployments, (deployment) => deployment.group);
    for (const [name, group] of members) {
      this.#groups.set(name, groupOf(name, group, group.flatMap(accessGroupsOf)));
    }
    for (const deployment of deployments) {
      const group = this.#groups.get(deployment.group);
      if (!group) continue;
      this.#byId.set(deployment.id, groupOf(group.name, [deployment], group.accessGroups));
      if (!this.#byUpstreamName.has(deployment.model)) this.#byUpstreamName.set(deployment.model, group);
    }
    for (const alias of aliases) this.#aliases.set(alias.alias, alias);
    this.#wildcards = wildcards.toSorted((a, b) => specificity(b.pattern) - specificity(a.pattern));
  }

  /** The group behind a name, or null. Deployment ids and upstream names are checked against keys as their group (ruling K1). */
  find(name: string): ModelGroup<Upstream> | null {
    return (
      this.#groups.get(name) ??
      this.#byId.get(name) ??
      this.#aliased(name) ??
      this.#wildcard(name) ??
      this.#byUpstreamName.get(name) ??
      null
    );
  }

  /** Whether the name is a deployment's id, which skips the cooldown filter. */
  isId(name: string): boolean {
    return this.#byId.has(name) && !this.#groups.has(name);
  }

  groups(): Iterable<ModelGroup<Upstream>> {
    return this.#groups.values();
  }

  /** Ids of all deployments, those behind patterns too. */
  ids(): ReadonlySet<string> {
    return new Set([...this.#byId.keys(), ...this.#wildcards.flatMap(({ sample }) => sample?.id ?? [])]);
  }

  aliases(): Iterable<ModelAlias> {
    return this.#aliases.values();
  }

  wildcards(): readonly WildcardRow<Upstream>[] {
    return this.#wildcards;
  }

  #aliased(name: string): ModelGroup<Upstream> | null {
    const alias = this.#aliases.get(name);
    if (!alias) return null;
    return this.#groups.get(alias.group) ?? this.#wildcard(alias.group);
  }

  #wildcard(name: string): ModelGroup<Upstream> | null {
    const known = this.#concrete.get(name);
    if (known !== undefined) return known;
    const group = this.#makeConcrete(name);
    if (this.#concrete.size >= REMEMBERED) this.#concrete.clear();
    this.#concrete.set(name, group);
    return group;
  }

  #makeConcrete(name: string): ModelGroup<Upstream> | null {
    const best = this.#wildcards.find((row) => matchesPattern(row.pattern, name));
    if (!best) return null;
    const rows = this.#wildcards.filter((row) => row.pattern === best.pattern);
    const deployments = rows.map((row) => row.concrete(name)).filter((deployment) => deployment !== null);
    const accessGroups = rows.flatMap((row) => row.accessGroups);
    return deployments.length === 0 ? null : groupOf(name, deployments, accessGroups);
  }
}

/** `model_info.blocked`: it is shown and not called. */
export function isBlocked({ info }: Pick<Deployment, 'info'>): boolean {
  return info['blocked'] === true;
}

/** A group with its deployments; those that are called by order. */
export function groupOf<Upstream>(
  name: string,
  deployments: readonly Deployment<Upstream>[],
  accessGroups: readonly string[],
): ModelGroup<Upstream> {
  const served = deployments.filter((deployment) => !isBlocked(deployment));
  const levels = [...Map.groupBy(served, ({ order }) => order)].sort(([a], [b]) => a - b).map(([, level]) => level);
  return { name, deployments, levels, accessGroups: [...new Set(accessGroups)] };
}

/** More literal text is more specific; among equals fewer stars are. */
function specificity(pattern: string): number {
  const stars = pattern.split('*').length - 1;
  return (pattern.length - stars) * 100 - stars;
}
