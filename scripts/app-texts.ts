/** Writes addon/translations/*.yaml, the texts that Supervisor shows, from section `app` of translations/*.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeGenerated } from './generated-page.ts';

const CATALOGUE = join(import.meta.dirname, '../translations');

/** A text of the catalogue, or a section of it. */
interface Texts {
  readonly [key: string]: string | Texts;
}

/** Languages of the catalogue, such as `de`. */
export function languages(): string[] {
  return readdirSync(CATALOGUE).map((name) => name.replace('.json', ''));
}

/** The file of one language. Supervisor wants it whole: what is not translated is English. */
export function appTexts(language: string): string {
  const texts = filledUp(sectionOf(language), sectionOf('en'));
  return `# Made by scripts/app-texts.ts from translations/${language}.json. Edit there.\n${stringify(texts, { lineWidth: 0 })}`;
}

function sectionOf(language: string): Texts {
  const { app = {} } = JSON.parse(readFileSync(join(CATALOGUE, `${language}.json`), 'utf8')) as { app?: Texts };
  return app;
}

function filledUp(texts: Texts, english: Texts): Texts {
  return Object.fromEntries(
    Object.entries(english).map(([key, words]) => {
      const own = texts[key];
      return [key, typeof words === 'string' ? (own ?? words) : filledUp(typeof own === 'object' ? own : {}, words)];
    }),
  );
}

if (import.meta.main) for (const language of languages()) writeGenerated(`addon/translations/${language}.yaml`, appTexts(language));
