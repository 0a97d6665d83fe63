import type { Caller } from '../core/caller.ts';
import type { ModelGroup } from '../core/deployment.ts';
import { UnknownModelError } from '../core/errors.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { ModelTable, WildcardRow } from '../router/model-table.ts';
import type { FactsOf } from './model-facts.ts';

/** Names of models that stand behind a wildcard row, as far as they are known without asking anybody now (ruling B2). */
export type KnownNames = (row: WildcardRow<Upstream>) => readonly string[];

/** What a list of models is made of. */
export interface ModelListParts {
  readonly table: () => ModelTable<Upstream>;
  readonly known: KnownNames;
  readonly factsOf: FactsOf;
}

/** A name a caller may ask for. */
export interface ListedModel {
  readonly id: string;
  readonly group: ModelGroup<Upstream> | null;
}

/**
 * The names a caller may use, in the file's order: aliases first, then groups, then what is known behind wildcards; the
 * patterns themselves on request alone, for nobody can call them (data-plane 19.6). No name twice.
 */
export function listedModels(table: ModelTable<Upstream>, caller: Caller, known: KnownNames, withPatterns: boolean): ListedModel[] {
  const listed = new Map<string, ListedModel>();
  const add = (id: string, group: ModelGroup<Upstream> | null): void => {
    if (!listed.has(id)) listed.set(id, { id, group });
  };
  for (const [alias, name] of Object.entries(caller.aliases)) {
    const group = usable(table, caller, name);
    if (group) add(alias, group);
  }
  for (const { alias, group: name, hidden } of table.aliases()) {
    const group = hidden ? null : usable(table, caller, name);
    if (group) add(alias, group);
  }
  for (const group of table.groups()) if (caller.mayUseModel(group.name, group.accessGroups)) add(group.name, group);
  for (const row of table.wildcards()) {
    if (withPatterns && caller.mayUseModel(row.pattern, row.accessGroups)) add(row.pattern, null);
    for (const name of known(row)) {
      const group = usable(table, caller, name);
      if (group) add(name, group);
    }
  }
  return [...listed.values()];
}

/**
 * The group behind a name, or behind an alias of the caller's.
 *
 * @throws {UnknownModelError} also when the caller may not use it
 */
export function groupNamed(table: ModelTable<Upstream>, caller: Caller, name: string): ModelGroup<Upstream> {
  const group = table.find(name) ?? table.find(Object.hasOwn(caller.aliases, name) ? (caller.aliases[name] ?? name) : name);
  if (!group || !caller.mayUseModel(group.name, group.accessGroups)) throw new UnknownModelError(name);
  return group;
}

function usable(table: ModelTable<Upstream>, caller: Caller, name: string): ModelGroup<Upstream> | null {
  const group = table.find(name);
  return group && caller.mayUseModel(group.name, group.accessGroups) ? group : null;
}
