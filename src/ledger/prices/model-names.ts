/** One thing that may be taken off a model's name without changing whose price it is. */
type Strip = (name: string) => string;

/** Order matters: each strip sees what the one before left, so the date of `us.anthropic.claude-x-20250929-v1:0` is found. */
const STRIPS: readonly Strip[] = [
  (name) => /^ft:([^:]+):/.exec(name)?.[1] ?? name,
  (name) => name.replace(/^(?:models|publishers\/[^/]+\/models)\//, ''),
  (name) => name.replace(/^(?:us-gov|us|eu|apac|au|jp|ca|sa|in|global)\.(?=[a-z0-9-]+\.)/, ''),
  (name) => name.replace(/@[^@/]*$/, ''),
  (name) => name.replace(/-v\d+:\d+$/, ''),
  (name) => name.replace(/-latest$/, ''),
  (name) => name.replace(/-20\d\d(?:-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01]))$/, ''),
];

/**
 * The names under which a model's price may stand: the name itself, then region, version, `@date`, `-latest` and date
 * taken off one after the other; a fine-tune (`ft:<base>:...`) has its base's (data-plane 16.3).
 */
export function modelNames(model: string): readonly string[] {
  const names = [model];
  let name = model;
  for (const strip of STRIPS) {
    name = strip(name);
    if (name !== '' && !names.includes(name)) names.push(name);
  }
  return names;
}
