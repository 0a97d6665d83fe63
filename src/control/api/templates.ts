/** What the description of the API is told. */
export interface ApiFacts {
  readonly version: string;
  /** Where the routes stand on this server: `''`, or `/gateway`. */
  readonly rootPath: string;
}

/** `/key/:key/regenerate` as `/key/{key}/regenerate`; a method behind a name stays. */
export function templateOf(path: string): string {
  return path.replaceAll(/(?<=\/)[:*](\w+)/g, '{$1}');
}
