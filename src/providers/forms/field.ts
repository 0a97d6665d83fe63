import type { FieldType, ProviderField } from '../../contract/providers.ts';

/** A field as its provider's row or table describes it; what is left out is null, false or empty. */
export interface FieldFacts {
  readonly key: string;
  readonly label: string;
  readonly type?: FieldType;
  readonly help?: string;
  readonly placeholder?: string;
  readonly default?: string;
  readonly options?: readonly string[];
  readonly required?: boolean;
  readonly advanced?: boolean;
  /** The content of a file, in the words of older clients. */
  readonly file?: boolean;
}

const COARSE = {
  text: 'text',
  secret: 'password',
  url: 'text',
  select: 'select',
  number: 'text',
  switch: 'select',
} as const satisfies Record<FieldType, ProviderField['field_type']>;

export function fieldOf(facts: FieldFacts): ProviderField {
  const type = facts.type ?? 'text';
  return {
    key: facts.key,
    label: facts.label,
    placeholder: facts.placeholder ?? null,
    tooltip: facts.help ?? null,
    required: facts.required ?? false,
    field_type: facts.file ? 'upload' : COARSE[type],
    options: facts.options ? [...facts.options] : null,
    default_value: facts.default ?? null,
    type,
    advanced: facts.advanced ?? false,
  };
}
