import type { Obstacle } from './row.ts';

/** Reasons that a row names itself. Each is the end of a sentence: "Petals cannot be called: ...". */
export const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  ended: 'its public service has ended',
  own_clients: 'it serves the programs of its own maker alone',
  browser: 'it wants a log-in in a browser',
  grpc: 'it is asked over gRPC, not HTTP',
  jobs: 'its answers are jobs that must be asked for again',
};

/** What a provider is for, where that is all that stands between: the first whose operations are all that it has counts. */
const BY_USE: readonly (readonly [string, readonly string[]])[] = [
  ['it searches the web and has no models', ['search']],
  ['it reads documents into text and has no chat', ['ocr']],
  ['it improves pictures that it is given, which nobody can ask for here', ['image_variations']],
];

/** Why a wire that is not spoken is not: by what its provider is for. */
export function whyNotSpoken(endpoints: readonly string[]): string {
  const use = BY_USE.find(([, operations]) => endpoints.every((endpoint) => operations.includes(endpoint)));
  return use?.[0] ?? 'it is asked in words of its own, which are not spoken here';
}
