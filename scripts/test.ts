/** `npm test`: runs the tests. What they need beyond npm's packages they make themselves, once, and say so. Arguments go to the runner. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { prepareTests } from './prepare-tests.ts';

const ROOT = join(import.meta.dirname, '..');
await prepareTests();
const { status } = spawnSync(join(ROOT, 'node_modules/.bin/vitest'), ['run', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
process.exit(status ?? 1);
