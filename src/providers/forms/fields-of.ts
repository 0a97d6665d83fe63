import type { ProviderField, ProviderKind } from '../../contract/providers.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { fieldOf, type FieldFacts } from './field.ts';
import { KNOWN_FIELDS } from './known-fields.ts';
import { SPECIAL_FIELDS } from './special-fields.ts';

export function kindOf(row: ProviderRow): ProviderKind {
  if (row.local) return 'local';
  return row.gateway ? 'gateway' : 'cloud';
}

/** Whether a form must ask for a key. */
export function needsKey({ auth, local }: ProviderRow): boolean {
  return auth.type !== 'none' && auth.optional !== true && local !== true;
}

/** The fields that the form for a model of this provider draws, beside the model's name. */
export function fieldsOf(row: ProviderRow): ProviderField[] {
  const special = SPECIAL_FIELDS[row.id];
  return (special ?? [...keyFields(row), ...namedFields(row), addressField(row)]).map(fieldOf);
}

function keyFields(row: ProviderRow): FieldFacts[] {
  if (row.auth.type === 'none') return [];
  const [variable] = row.keys ?? [];
  const required = needsKey(row);
  const key = { key: 'api_key', label: 'API key', type: 'secret', required, advanced: row.local === true } as const;
  const where = required ? 'From your account at {provider}.' : 'Only when the server asks for one.';
  const text = variable === undefined ? where : `${where} Or write os.environ/{variable} to take it from the environment.`;
  return [{ ...key, help: { text, values: { provider: row.name, ...(variable === undefined ? {} : { variable }) } } }];
}

/** What stands in the address, and further headers. */
function namedFields(row: ProviderRow): FieldFacts[] {
  const inAddress = Object.values(row.placeholders ?? {}).flatMap(({ params, default: usual }) => {
    const [key] = params;
    return key === undefined ? [] : [{ ...known(key), required: usual === undefined, ...(usual === undefined ? {} : { default: usual }) }];
  });
  const inHeaders = (row.headers ?? []).flatMap(({ param }) => (param === undefined ? [] : [known(param)]));
  return [...inAddress, ...inHeaders];
}

function known(key: string): FieldFacts {
  return { key, label: key.replaceAll('_', ' '), ...KNOWN_FIELDS[key] };
}

function addressField(row: ProviderRow): FieldFacts {
  const { base, local } = row;
  const address = { key: 'api_base', label: 'Address', type: 'url' } as const;
  if (base === undefined || base.includes('{')) return { ...address, ...ownAddress(row) };
  const help = local
    ? { text: 'Where {provider} runs.', values: { provider: row.name } }
    : 'Only to call another address than that of the provider.';
  return { ...address, placeholder: base, default: base, help, advanced: local !== true };
}

/** Every account or installation has an address of its own. */
function ownAddress({ base, placeholders }: ProviderRow): Omit<FieldFacts, 'key' | 'label'> {
  const filled = placeholders !== undefined;
  return {
    required: !filled,
    advanced: filled,
    placeholder: base?.startsWith('http') ? base.replaceAll(/[{}]/g, '') : 'https://',
    ...(filled ? { help: 'Only to call another address than the one made of the fields above.' } : {}),
  };
}
