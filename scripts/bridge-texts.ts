/** Writes the texts of the integration, one file a language, from section `bridge` of translations/*.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from './app-texts.ts';
import { writeGenerated } from './generated-page.ts';

const CATALOGUE = join(import.meta.dirname, '../translations');
const TEXTS = 'custom_components_bridge/custom_components/llm_gateway/translations';

/** The file of one language. Home Assistant reads it as it is, and takes English where it lacks a text. */
function bridgeTexts(language: string): string {
  const { bridge = {} } = JSON.parse(readFileSync(join(CATALOGUE, `${language}.json`), 'utf8')) as { bridge?: object };
  return `${JSON.stringify(bridge, null, 2)}\n`;
}

for (const language of languages()) writeGenerated(`${TEXTS}/${language}.json`, bridgeTexts(language));
