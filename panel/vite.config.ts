import { join } from 'node:path';
import { defineConfig } from 'vite';
import { chunks } from './vite-chunks.ts';
import { iconFiles } from './vite-icon-files.ts';
import { leanIconLibrary } from './vite-lean-icon-library.ts';
import { readTexts } from './vite-read-texts.ts';
import { singleIcons } from './vite-single-icons.ts';

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
  plugins: [iconFiles(), leanIconLibrary(), readTexts(), singleIcons()],
  json: { namedExports: true },
  build: {
    outDir: join(ROOT, 'dist/panel'),
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no `data:` fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: chunks(import.meta.dirname) } },
  },
});
