import { join } from 'node:path';
import { defineConfig } from 'vite';
import { iconFiles } from './vite-icon-files.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Builds the panel into `dist/panel`. Every address in the output is relative: the server writes the base into `index.html`,
 * so that the same files serve `/ui`, a path prefix and the ingress of Home Assistant.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  publicDir: false,
  plugins: [iconFiles()],
  json: { namedExports: true },
  build: {
    outDir: join(ROOT, 'dist/panel'),
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no `data:` fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
