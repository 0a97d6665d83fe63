import { isObject } from '../core/json-object.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Credential, ModelRow } from './config.ts';
import { Expander, shownValue } from './expand.ts';
import type { Variables } from './expand.ts';
import { isPriceKey } from './keys.ts';
import { rowProblem } from './model-checks.ts';
import { Problems } from './problem.ts';
import type { KeyPath } from './problem.ts';
import { DATABASE } from './stored-settings.ts';
import { memberOf, treeOf } from './yaml/tree.ts';
import type { MapNode, TreeNode } from './yaml/tree.ts';

/** Limits and routing hints that may stand on the row itself; `litellm_params` wins. */
const ROW_KEYS = ['rpm', 'tpm', 'weight', 'order'] as const;

const TIMEOUTS = ['timeout', 'stream_timeout'] as const;

interface Reader {
  readonly expander: Expander;
  readonly problems: Problems;
  readonly credentials: ReadonlyMap<string, Credential>;
}

/**
 * Reads `model_list`. A wrong row never keeps the others from working: it comes with its `problem` set. A list as
 * `organization` makes one row for each.
 */
export function readModels(root: MapNode, reader: Omit<Reader, 'credentials'>, credentials: readonly Credential[]): ModelRow[] {
  const list = memberOf(root, 'model_list');
  if (!list) return [];
  if (list.kind !== 'list') {
    reader.problems.add('fatal', list.place, ['model_list'], 'must be a list of models, each beginning with `- model_name:`');
    return [];
  }
  const byName = new Map(credentials.map((credential) => [credential.name, credential]));
  const ids = new Set<string>();
  return list.items.flatMap((node, index) => {
    const path = ['model_list', index];
    const rows = readRow(node, path, { ...reader, credentials: byName });
    return rows
      .map((row) => withUniqueId(row, ids))
      .map((row) => {
        if (row.problem !== null) reader.problems.add('error', node.place, path, `${row.problem}; this model is left out`);
        return row;
      });
  });
}

/** A model that stands in the database, as its owner gave it. */
export interface StoredRow {
  readonly modelName: string;
  /** `litellm_params`, secrets too; numbers exact. */
  readonly params: JsonObject;
  /** `model_info`, with its id. */
  readonly info: JsonObject;
}

/** Reads a model of the database as one of the file would be read: variables and credentials filled in, prices exact. */
export function readStoredRow(
  { modelName, params, info }: StoredRow,
  variables: Variables,
  credentials: ReadonlyMap<string, Credential>,
): ModelRow[] {
  const problems = new Problems();
  const expander = new Expander({ variables, secrets: new Map() }, problems);
  const node = treeOf({ model_name: modelName, litellm_params: params, model_info: info }, { file: DATABASE, line: 0, column: 0 });
  return readRow(node, [modelName], { expander, problems, credentials });
}

/** A row of the file with what its named credential holds; its own values win. */
export function withStoredCredential(row: ModelRow, credentials: ReadonlyMap<string, Credential>): ModelRow {
  const credential = credentials.get(String(row.params['litellm_credential_name']));
  return credential ? Object.assign({}, row, { params: { ...credential.values, ...row.params } }) : row;
}

function readRow(node: TreeNode, path: KeyPath, reader: Reader): ModelRow[] {
  const { expander } = reader;
  const nameNode = memberOf(node, 'model_name');
  const name = nameNode ? expander.value(nameNode, [...path, 'model_name']) : null;
  const own = memberMap(node, 'litellm_params', (params) => expander.value(params, [...path, 'litellm_params']));
  const shown = memberMap(node, 'litellm_params', shownValue);
  for (const key of ROW_KEYS) {
    const value = memberOf(node, key);
    if (!value) continue;
    own[key] ??= expander.value(value, [...path, key]);
    shown[key] ??= shownValue(value, 'number');
  }
  // The reference takes a time-out of 0 for none.
  for (const key of TIMEOUTS) if (own[key] === 0) own[key] = null;
  if (own['api_base'] === undefined && own['base_url'] !== undefined) own['api_base'] = own['base_url'];
  const params = withCredential(own, node, path, reader);
  const info = memberMap(node, 'model_info', (value) => expander.value(value, [...path, 'model_info']));
  const row = {
    modelName: typeof name === 'string' ? name : '',
    info,
    prices: pricesOf(info, params),
    file: node.place.file,
    line: node.place.line,
    problem: rowProblem(node, { name, params, info }),
  };
  const organizations = params['organization'];
  if (!Array.isArray(organizations)) return [{ ...row, params, shown }];
  const written = shown['organization'] as unknown[];
  return organizations.map((organization, index): ModelRow => {
    const one = { params: { ...params, organization }, shown: { ...shown, organization: written[index] } };
    return Object.assign(one, row, { info: numbered(info, index) });
  });
}

/** An id given by the row belongs to its first deployment; the others count on. */
function numbered(info: JsonObject, index: number): JsonObject {
  return index === 0 || typeof info['id'] !== 'string' ? info : { ...info, id: `${info['id']}-${index + 1}` };
}

function memberMap(node: TreeNode, key: string, read: (value: TreeNode) => unknown): JsonObject {
  const member = memberOf(node, key);
  const value = member ? read(member) : {};
  return isObject(value) ? value : {};
}

/** What the named credential holds, below the row's own values. One that the file lacks may come from the database. */
function withCredential(own: JsonObject, node: TreeNode, path: KeyPath, { credentials, problems }: Reader): JsonObject {
  const name = own['litellm_credential_name'];
  if (typeof name !== 'string') return own;
  const credential = credentials.get(name);
  if (!credential) {
    const place = memberOf(memberOf(node, 'litellm_params'), 'litellm_credential_name')?.place ?? node.place;
    problems.add(
      'warning',
      place,
      [...path, 'litellm_params', 'litellm_credential_name'],
      'names a credential that `credential_list` does not have',
    );
    return own;
  }
  const set = Object.entries(own).filter(([, value]) => value !== null);
  return { ...credential.values, ...Object.fromEntries(set) };
}

function pricesOf(info: JsonObject, params: JsonObject): JsonObject {
  const members = [...Object.entries(info), ...Object.entries(params)];
  return Object.fromEntries(members.filter(([key, value]) => isPriceKey(key) && value !== null));
}

function withUniqueId(row: ModelRow, ids: Set<string>): ModelRow {
  const id = row.info['id'];
  if (typeof id !== 'string' || row.problem !== null) return row;
  if (ids.has(id)) return { ...row, problem: '`model_info.id` is the id of another model above' };
  ids.add(id);
  return row;
}
