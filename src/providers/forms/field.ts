import type { FieldType, ProviderField } from '../../contract/providers.ts';

/** A text with places such as `{provider}`, and the names for them. */
export interface Told {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A field as its provider's row or table describes it; what is left out is null, false or empty. */
export interface FieldFacts {
  readonly key: string;
  readonly label: string;
  readonly type?: FieldType;
  readonly help?: string | Told;
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
  const { text, values } = typeof facts.help === 'object' ? facts.help : { text: facts.help ?? null, values: {} };
  return {
    key: facts.key,
    label: facts.label,
    placeholder: facts.placeholder ?? null,
    tooltip: text === null ? null : filled(text, values),
    tooltip_text: text,
    tooltip_values: values,
    required: facts.required ?? false,
    field_type: facts.file ? 'upload' : COARSE[type],
    options: facts.options ? [...facts.options] : null,
    default_value: facts.default ?? null,
    type,
    advanced: facts.advanced ?? false,
  };
}

const filled = (text: string, values: Told['values']): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
