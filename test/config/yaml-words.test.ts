import { describe, expect, test } from 'vitest';
import { decimalText, numberFromText, plainValue } from '../../src/config/yaml/scalar.ts';

/** Checked against PyYAML 6.0. */
const WORDS: [string, unknown][] = [
  ['yes', true],
  ['Yes', true],
  ['NO', false],
  ['on', true],
  ['Off', false],
  ['true', true],
  ['FALSE', false],
  ['y', 'y'],
  ['N', 'N'],
  ['yEs', 'yEs'],
  ['tRUE', 'tRUE'],
  ['', null],
  ['~', null],
  ['null', null],
  ['NULL', null],
  ['nULL', 'nULL'],
  ['None', 'None'],
  ['0', 0],
  ['-0', 0],
  ['+12', 12],
  ['017', 15],
  ['-017', -15],
  ['08', '08'],
  ['0o17', '0o17'],
  ['0x1F', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['1:30', 90],
  ['-1:30', -90],
  ['12:30:45', 45_045],
  ['01:30', '01:30'],
  ['1:60', '1:60'],
  ['1:30.5', 90.5],
  ['1.5', 1.5],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', '-.5'],
  ['1.5e+3', 1500],
  ['1.5E-3', 0.0015],
  ['1.5e3', '1.5e3'],
  ['1e3', '1e3'],
  ['1e-6', '1e-6'],
  ['os.environ/KEY', 'os.environ/KEY'],
  ['0.0.0.0', '0.0.0.0'],
  ['12h', '12h'],
  ['on-demand', 'on-demand'],
];

/** Where JSON has no type for what PyYAML makes of them. */
const KEPT_AS_TEXT = ['2024-10-21', '2024-01-01T00:00:00Z', '.inf', '-.Inf', '.nan', '9007199254740993', '123456789012345678901234567890'];

describe('a plain word', () => {
  test.each(WORDS)('%s means %j', (word, value) => {
    expect(plainValue(word)).toStrictEqual(value);
  });

  test.each(KEPT_AS_TEXT)('%s stays text', (word) => {
    expect(plainValue(word)).toBe(word);
  });
});

describe('numeric text', () => {
  test.each([
    ['3e-7', '3e-7'],
    [' 0.10 ', '0.10'],
    ['1_000.50', '1000.50'],
    ['.5', '.5'],
    ['-2', '-2'],
    ['1e-07', '1e-07'],
    ['', null],
    ['.', null],
    ['1,5', null],
    ['0x1F', null],
    ['1:30', null],
    ['abc', null],
    ['1e9999', null],
  ])('%j is the decimal %j', (text, decimal) => {
    expect(decimalText(text)).toBe(decimal);
  });

  test('is a number when it is finite', () => {
    expect(numberFromText('1e-6')).toBe(1e-6);
    expect(numberFromText('1e400')).toBeNull();
    expect(numberFromText('many')).toBeNull();
  });
});
