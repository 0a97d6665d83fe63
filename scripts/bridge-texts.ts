/** Writes the texts of the integration, one file a language, from section `bridge` of `translations/`: `node scripts/bridge-texts.ts`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const SOURCES = new URL('../translations/', import.meta.url);
const TEXTS = new URL('../custom_components_bridge/custom_components/llm_gateway/translations/', import.meta.url);

/** What the file of one language holds. Home Assistant reads it as it is. */
function textsOf(name: string): string {
  const { bridge } = JSON.parse(readFileSync(new URL(name, SOURCES), 'utf8')) as { bridge: unknown };
  return `${JSON.stringify(bridge, null, 2)}\n`;
}

for (const name of readdirSync(SOURCES)) {
  const file = new URL(name, TEXTS);
  if (!process.argv.includes('--check')) writeFileSync(file, textsOf(name));
  else if (readFileSync(file, 'utf8') !== textsOf(name)) {
    process.stderr.write(`custom_components_bridge/…/translations/${name} differs from translations/${name}\n`);
    process.exitCode = 1;
  }
}
