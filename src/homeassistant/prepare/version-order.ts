/** Compares versions such as `0.10.1` and `1.0.0b2`; what is not a number ends a version's number, and stands before its release. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [partsOf(version), partsOf(than)];
  for (let index = 0; index < Math.max(one.numbers.length, other.numbers.length); index++) {
    const difference = (one.numbers[index] ?? 0) - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  if (one.rest === other.rest || one.rest === '') return false;
  return other.rest === '' || one.rest.localeCompare(other.rest, 'en', { numeric: true }) < 0;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const [, numbers = '', rest = ''] = /^v?(\d+(?:\.\d+)*)(.*)$/.exec(version.trim()) ?? [];
  return { numbers: numbers === '' ? [] : numbers.split('.').map(Number), rest };
}
