import { join } from 'node:path';

/** What runs before anything is shown: it knows the language before the elements ask for their texts. */
const ENTRY = 'src/main.ts';
/** What every page stands in, and the page that is opened first. */
const START = ['src/shell/gw-app.ts', 'src/pages/overview/overview-page.ts'];

/** What the bundler knows of a module. */
interface Context {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Few files for the first load: `base`, what the entry needs; the texts of one language; `start`, shell and overview with all that these need.
 * `shared` is what other pages and their dialogs have in common; what only one of them needs is in its own file. So a page is two files.
 *
 * @param root folder of the panel
 */
export function chunks(root: string) {
  return {
    groups: [
      // Without the entry itself: it waits for what waits for these.
      { name: neededBy('base', root, [ENTRY]), test: (id: string) => !id.endsWith(ENTRY), debugName: 'base', priority: 3 },
      { name: neededBy('start', root, START), debugName: 'start', priority: 2 },
      {
        name: 'shared',
        test: /\/panel\/src\/|\/node_modules\/|virtual:mdi/,
        minShareCount: 2,
        priority: 1,
      },
    ],
  };
}

/** `name` for these files and all they import, not for what they fetch later. */
function neededBy(name: string, root: string, files: readonly string[]) {
  const needed = new Set<string>();
  return (id: string, context: Context): string | null => {
    if (needed.size === 0) for (const file of files) gather(join(root, file), context, needed);
    return needed.has(id) ? name : null;
  };
}

function gather(id: string, context: Context, into: Set<string>): void {
  if (into.has(id)) return;
  into.add(id);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) gather(imported, context, into);
}
