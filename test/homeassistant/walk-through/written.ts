import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = readFileSync(join(import.meta.dirname, '../../../addon/DOCS.md'), 'utf8');

/** A section of the app's documentation. */
export function sectionOf(heading: string): string {
  return PAGE.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

/** Heading and text of each numbered step of a section. */
export function stepsOf(section: string): { readonly heading: string; readonly text: string }[] {
  return [...section.matchAll(/^### \d+\. (.+)\n([^]*?)(?=^### |(?![^]))/gm)].map(([, heading = '', text = '']) => ({ heading, text }));
}

/** What each step of a numbered list says first in bold: where it is done. */
export function listedIn(section: string): string[] {
  return (section.match(/^\d\. [^]*?(?=\n\d\. |\n\n)/gm) ?? []).map((step) => /\*\*(.+?)\*\*/.exec(step)?.[1] ?? '');
}

/** The example of a step, as people copy it. */
export function exampleIn(text: string): string {
  return /^```\w+\n([^]*?)^```$/m.exec(text)?.[1] ?? '';
}
