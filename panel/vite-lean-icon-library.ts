import type { Plugin } from 'vite';

/** How Web Awesome's build names the module with the drawings of its own icons. */
const MARK = '// src/components/icon/library.system.ts';

/**
 * Web Awesome carries 40 kB of drawings for its own parts. They are never shown, for ours stand in their place
 * (`src/theme/icon-libraries.ts`): the library of them is built empty.
 */
export function leanIconLibrary(): Plugin {
  let found = false;
  return {
    name: 'lean-icon-library',
    buildStart() {
      found = false;
    },
    transform(code, id) {
      if (!id.includes('/webawesome/dist/') || !code.includes(MARK)) return null;
      found = true;
      return { code: `export const icons = {}; export const library_system_default = { name: 'system', resolver: () => '' };`, map: null };
    },
    buildEnd(error) {
      if (!error && !found) this.error('Web Awesome has no icon library of that name any more: see panel/vite-lean-icon-library.ts');
    },
  };
}
