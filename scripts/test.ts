/** `npm test`: runs the tests. What they need beyond npm's packages they make themselves, once, and say so. Arguments go to the runner. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { ensureApparmorParser } from './apparmor.ts';
import { ensureChromium } from './chromium.ts';
import { ensurePostgres } from './debian-postgres.ts';
import { ensureEveryHomeAssistant } from './python-home-assistant.ts';

const ROOT = join(import.meta.dirname, '..');
ensureChromium();
await ensureEveryHomeAssistant();
ensureApparmorParser();
ensurePostgres();
const { status } = spawnSync(join(ROOT, 'node_modules/.bin/vitest'), ['run', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
process.exit(status ?? 1);
