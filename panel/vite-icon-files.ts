import {
  mdiCheck,
  mdiChevronLeft,
  mdiChevronRight,
  mdiCircle,
  mdiClose,
  mdiCloseCircle,
  mdiContentCopy,
  mdiDotsHorizontal,
  mdiEye,
  mdiEyeOff,
  mdiMenuDown,
  mdiMinus,
  mdiPlus,
} from '@mdi/js';
import type { Plugin } from 'vite';

const MODULE = 'virtual:web-awesome-icons';

/** The icons that Web Awesome's own parts ask for by name, and ours that stand for them. */
const NAMES: Readonly<Record<string, string>> = {
  check: mdiCheck,
  'chevron-down': mdiMenuDown,
  'chevron-left': mdiChevronLeft,
  'chevron-right': mdiChevronRight,
  circle: mdiCircle,
  'circle-xmark': mdiCloseCircle,
  copy: mdiContentCopy,
  ellipsis: mdiDotsHorizontal,
  eye: mdiEye,
  'eye-slash': mdiEyeOff,
  indeterminate: mdiMinus,
  minus: mdiMinus,
  plus: mdiPlus,
  xmark: mdiClose,
};

/**
 * Web Awesome loads its icons from a foreign host, or from `data:` addresses. This writes the few it needs as files of our own and
 * gives a module that knows their addresses.
 */
export function iconFiles(): Plugin {
  return {
    name: 'web-awesome-icons',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const rows = Object.entries(NAMES).map(([name, path]) => {
        const source = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="currentColor"><path d="${path}"/></svg>`;
        const file = this.emitFile({ type: 'asset', name: `icon-${name}.svg`, source });
        return `${JSON.stringify(name)}: import.meta.ROLLUP_FILE_URL_${file}`;
      });
      return `export const ICON_FILES = {${rows.join(',')}};`;
    },
  };
}
