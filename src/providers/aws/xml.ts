const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What stands in the first element of this name, as it stands; `''` when there is none. For answers as simple as those of AWS's query interface. */
export function insideOf(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`);
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start);
  return end < 0 ? '' : xml.slice(start + name.length + 2, end);
}

/** The same as a text. */
export function textIn(xml: string, name: string): string {
  return insideOf(xml, name)
    .replaceAll(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7}));/g, (whole, word?: string, digits?: string) => {
      if (word !== undefined) return ENTITIES[word] ?? whole;
      return Number(digits) <= 0x10ffff ? String.fromCodePoint(Number(digits)) : whole;
    })
    .trim();
}
