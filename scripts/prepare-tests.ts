/** What the tests need beyond npm's packages, made once: `npm test` asks for it, and continuous integration while the code is checked. */
import { ensureApparmorParser } from './apparmor.ts';
import { ensureChromium } from './chromium.ts';
import { ensurePostgres } from './debian-postgres.ts';
import { ensureEveryHomeAssistant } from './python-home-assistant.ts';

export async function prepareTests(): Promise<void> {
  ensureChromium();
  await ensureEveryHomeAssistant();
  ensureApparmorParser();
  ensurePostgres();
}

if (import.meta.main) await prepareTests();
