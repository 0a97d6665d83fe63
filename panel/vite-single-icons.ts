import * as icons from '@mdi/js';
import type { Plugin } from 'vite';

const IMPORT = /import \{([^}]*)\} from '@mdi\/js';/;
const MODULE = 'virtual:mdi/';

/** Makes each icon a module of its own, so that a page brings those it shows and not those of all pages. */
export function singleIcons(): Plugin {
  return {
    name: 'single-icons',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(MODULE) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${MODULE}`)) return null;
      const name = id.slice(MODULE.length + 1);
      const path = new Map(Object.entries(icons)).get(name);
      if (typeof path !== 'string') this.error(`There is no icon ${name}.`);
      return { code: `export const ${name} = ${JSON.stringify(path)};`, moduleSideEffects: false };
    },
    transform(code, id) {
      const [statement, names] = IMPORT.exec(code) ?? [];
      if (statement === undefined || names === undefined || id.includes('/node_modules/')) return null;
      // On one line as before: later positions stay.
      const single = names.split(',').flatMap((name) => (name.trim() ? [`import { ${name.trim()} } from '${MODULE}${name.trim()}';`] : []));
      return { code: code.replace(statement, single.join(' ')), map: null };
    },
  };
}
