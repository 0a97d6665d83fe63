import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { ensureHomeAssistant } from '../../../scripts/python-home-assistant.ts';
import type { CoreClient } from './core-client.ts';

const PANEL = path.join(import.meta.dirname, '../../../translations/en.json');

/** What a text of ours says is to be found on a page: its bold words, of a path one by one. */
export function wordsNamed(text: string): string[] {
  return [...text.matchAll(/\*\*(.+?)\*\*/gs)].flatMap(([, words = '']) => words.split(' → '));
}

/** Everything that may stand on a page in English: Home Assistant's own, the dialogs of one integration, and our panel's. */
export async function wordsOnPages(client: CoreClient, integration: string): Promise<ReadonlySet<string>> {
  const words = [wordsOfTheFrontend(), wordsOfDialogs(client, integration), wordsOfFile(PANEL)];
  return new Set((await Promise.all(words)).flat());
}

/** From the files that the frontend of this Core loads. */
async function wordsOfTheFrontend(): Promise<string[]> {
  const library = path.join(path.dirname(await ensureHomeAssistant('core')), '../lib');
  const python = (await readdir(library)).find((name) => name.startsWith('python3.')) ?? '';
  const folder = path.join(library, python, 'site-packages/hass_frontend/static/translations');
  const words = await Promise.all(['', 'config'].map(async (part) => wordsOfFile(await englishIn(path.join(folder, part)))));
  return words.flat();
}

async function englishIn(folder: string): Promise<string> {
  const file = (await readdir(folder)).find((name) => /^en-[0-9a-f]+\.json$/.test(name));
  if (!file) throw new Error(`no English in ${folder}`);
  return path.join(folder, file);
}

const wordsOfFile = async (file: string): Promise<string[]> => leaves(JSON.parse(await readFile(file, 'utf8')));

/** The texts of a catalogue, however deep. */
const leaves = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(z.record(z.string(), z.unknown()).parse(value)).flatMap(leaves);

async function wordsOfDialogs(client: CoreClient, integration: string): Promise<string[]> {
  const words = ['title', 'config', 'config_subentries'].map(async (category) => {
    const answer = await client.socket.command('frontend/get_translations', { language: 'en', category, integration: [integration] });
    return Object.values(z.object({ resources: z.record(z.string(), z.string()) }).parse(answer).resources);
  });
  return (await Promise.all(words)).flat();
}
