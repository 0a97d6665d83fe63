/** `npm run pictures`: takes the pictures of the documentation from the real panel, by the test that also looks at them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
ensureChromium();
const { status } = spawnSync(join(ROOT, 'node_modules/.bin/vitest'), ['run', 'test/panel/pictures.test.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, PICTURES: '1' },
});
process.exit(status ?? 1);
