import { isObject } from '../core/json-object.ts';
import type { Credential } from './config.ts';
import type { Expander } from './expand.ts';
import type { Problems } from './problem.ts';
import { memberOf } from './yaml/tree.ts';
import type { MapNode } from './yaml/tree.ts';

/** Reads `credential_list`. An entry without a name or with a name used before is left out, with a problem. */
export function readCredentials(root: MapNode, expander: Expander, problems: Problems): Credential[] {
  const list = memberOf(root, 'credential_list');
  if (!list) return [];
  if (list.kind !== 'list') {
    problems.add('fatal', list.place, ['credential_list'], 'must be a list');
    return [];
  }
  const credentials = new Map<string, Credential>();
  for (const [index, node] of list.items.entries()) {
    const path = ['credential_list', index];
    const nameNode = memberOf(node, 'credential_name');
    const name = nameNode ? expander.value(nameNode, [...path, 'credential_name']) : null;
    if (typeof name !== 'string' || name === '') {
      problems.add('error', node.place, path, 'needs a `credential_name`');
    } else if (credentials.has(name)) {
      problems.add('error', node.place, path, 'has the name of a credential above; the first one counts');
    } else {
      const values = memberOf(node, 'credential_values');
      const info = memberOf(node, 'credential_info');
      credentials.set(name, {
        name,
        values: mapOf(values ? expander.value(values, [...path, 'credential_values']) : null),
        info: mapOf(info ? expander.value(info, [...path, 'credential_info']) : null),
      });
    }
  }
  return [...credentials.values()];
}

function mapOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
