/** Headers as `node:http` takes them at once: name, value, name, value. Lower case names, each of them once. */
export type HeaderList = string[];
