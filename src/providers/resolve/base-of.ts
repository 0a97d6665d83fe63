import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from './environment.ts';
import { UnresolvedDeployment } from './unresolved.ts';

export interface ModelAndBase {
  readonly model: string;
  /** http(s) URL without a slash at its end. */
  readonly base: string;
  /** The naming rule that holds; absent: none does. */
  readonly rule?: NamingRule;
}

type NamingRule = NonNullable<ProviderRow['model']>[number];

/**
 * The upstream name after the row's naming rules, and where it is asked: `api_base`, the variables of the row, the address
 * that a rule gives, the row's default.
 *
 * @param written the prefix as the owner wrote it
 * @throws {UnresolvedDeployment} when there is no base, a placeholder has no value, or the base is no http(s) URL
 */
export function modelAndBase(row: ProviderRow, name: string, written: string, params: JsonObject, env: Environment): ModelAndBase {
  const own = ownBase(row, params, env);
  const rule = row.model?.find((each) => holds(each, name, written, own));
  const named = (template: string): string => name.replace(new RegExp(rule?.match ?? ''), template);
  const model = rule ? named(rule.to) : name;
  const byRule = rule?.base === undefined || rule.at !== undefined ? undefined : named(rule.base);
  const template = rewritten(own, rule) ?? byRule ?? row.base;
  if (template === undefined)
    throw new UnresolvedDeployment(`${row.name} has no address of its own: set api_base${variables(row)}.`, { param: 'api_base' });
  return { model, base: checked(filled(withModel(template, model), row, params, env)), ...(rule && { rule }) };
}

function holds({ match, prefix, at }: NamingRule, name: string, written: string, own: string | null): boolean {
  if (prefix !== undefined && prefix !== written) return false;
  if (at !== undefined && (own === null || !new RegExp(at).test(own))) return false;
  return new RegExp(match).test(name);
}

/** The owner's address as a rule for such addresses completes it. */
function rewritten(own: string | null, rule: NamingRule | undefined): string | null {
  if (own === null || rule?.at === undefined || rule.base === undefined) return own;
  return own.replace(new RegExp(rule.at), rule.base);
}

function withModel(template: string, model: string): string {
  return template.replaceAll('{model}', () => encodeURIComponent(model));
}

/** The address that the owner gave, by the row or by its variables, as it was written; null: none. */
function ownBase(row: ProviderRow, params: JsonObject, env: Environment): string | null {
  return textOf(params['api_base']) ?? textOf(params['base_url']) ?? baseFromEnvironment(row, env);
}

/** The same, made ready to be called. @throws {UnresolvedDeployment} when it is no http(s) URL */
export function givenBase(row: ProviderRow, params: JsonObject, env: Environment): string | null {
  const own = ownBase(row, params, env);
  return own === null ? null : checked(own);
}

function baseFromEnvironment(row: ProviderRow, env: Environment): string | null {
  for (const variable of row.bases ?? []) {
    const { name, suffix = '', port } = typeof variable === 'string' ? { name: variable } : variable;
    const value = firstSet(env, [name]);
    if (value) return withScheme(value, port).replace(/\/+$/, '') + (value.replace(/\/+$/, '').endsWith(suffix) ? '' : suffix);
  }
  return null;
}

/** `OLLAMA_HOST` style `0.0.0.0`, `host` or `host:port`: where a server listens, made an address to call. */
function withScheme(value: string, port: number | undefined): string {
  if (/^https?:\/\//i.test(value) || port === undefined) return value;
  const host = value.replace(/^0\.0\.0\.0(?=:|$)/, '127.0.0.1').replace(/^(?=:)/, '127.0.0.1');
  return /:\d+$/.test(host) ? `http://${host}` : `http://${host}:${port}`;
}

function filled(template: string, row: ProviderRow, params: JsonObject, env: Environment): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const placeholder = row.placeholders?.[name] ?? { params: [name], env: [] };
    const value =
      placeholder.params.map((param) => textOf(params[param])).find((text) => text !== null) ??
      firstSet(env, placeholder.env) ??
      placeholder.default;
    if (value !== undefined) return value;
    const where = [...placeholder.params.slice(0, 1), ...placeholder.env.slice(0, 1)].join(' or ');
    throw new UnresolvedDeployment(`${row.name} needs ${where}, or an api_base.`, { param: placeholder.params[0] ?? 'api_base' });
  });
}

function checked(base: string): string {
  const url = URL.parse(base);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UnresolvedDeployment('api_base is no http or https address.', { param: 'api_base' });
  }
  return url.search === '' ? base.replace(/\/+$/, '') : base;
}

function variables(row: ProviderRow): string {
  const [first] = row.bases ?? [];
  return first === undefined ? '' : ` or ${typeof first === 'string' ? first : first.name}`;
}
