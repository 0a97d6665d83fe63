/**
 * What a plain (unquoted) word of YAML means, by the rules of YAML 1.1 as PyYAML applies them. They differ from YAML 1.2
 * and from YAML 1.1 as written: `yes` and `off` are booleans but `y` is text, `017` is octal, `1:30` is 90, `1_000` is a
 * number, and `1e-6` (no dot) is text.
 *
 * @see https://github.com/yaml/pyyaml/blob/main/lib/yaml/resolver.py (read 2026-03)
 */
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const SEXAGESIMAL_FLOAT = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/;

export type ScalarValue = string | number | boolean | null;

/**
 * Value of a plain scalar.
 *
 * Three things stay text although PyYAML gives them another type, because JSON has none for it: dates (`2024-10-21` is an
 * API version far more often than a day), infinity, and integers that a double cannot hold.
 *
 * @param text the scalar as it stands in the file
 */
export function plainValue(text: string): ScalarValue {
  if (NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return TRUE.test(text);
  if (INTEGER.test(text)) return integerOf(text.replaceAll('_', '')) ?? text;
  if (FLOAT.test(text)) return finite(Number(text.replaceAll('_', ''))) ?? text;
  if (SEXAGESIMAL.test(text) || SEXAGESIMAL_FLOAT.test(text)) return finite(sexagesimalOf(text)) ?? text;
  return text;
}

function integerOf(text: string): number | null {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return Number.isSafeInteger(value) ? (negative ? 0 - value : value) : null;
}

function sexagesimalOf(text: string): number {
  const parts = text.replaceAll('_', '').replace(/^[-+]/, '').split(':');
  const value = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return text.startsWith('-') ? -value : value;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const DECIMAL = /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d{1,3})?$/;

/** The text as a plain decimal for exact arithmetic (`1_000.50` → `1000.50`), or null when it is no decimal number. */
export function decimalText(text: string): string | null {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? trimmed.replaceAll('_', '') : null;
}

/** Numeric text as a number (`"3e-7"`, `1e-6`, `100`), or null when it is none. */
export function numberFromText(text: string): number | null {
  const decimal = decimalText(text);
  return decimal === null ? null : finite(Number(decimal));
}
