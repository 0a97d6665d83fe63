/** Draws icon and logo of the integration from the panel's mark, in all sizes that Home Assistant asks for: `node scripts/bridge-pictures.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
const BRAND = join(ROOT, 'custom_components_bridge/custom_components/llm_gateway/brand');
const MARK = readFileSync(join(ROOT, 'panel/src/icons/favicon.svg'), 'utf8');
const FONT = readFileSync(join(ROOT, 'node_modules/@fontsource/roboto/files/roboto-latin-500-normal.woff2')).toString('base64');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** On dark ground mark and words are lighter. */
const GROUNDS = [
  { prefix: '', mark: '#007da1', words: '#1c1c1c' },
  { prefix: 'dark_', mark: '#18a0c6', words: '#f2f2f2' },
] as const;

function page(body: string): string {
  return `<style>@font-face { font-family: Roboto; src: url(data:font/woff2;base64,${FONT}); }
* { margin: 0; } #picture { display: inline-flex; align-items: center; } svg { display: block; }</style>
<div id="picture">${body}</div>`;
}

/** 256 × 256. */
const icon = (mark: string): string => `<div style="width:256px;height:256px">${MARK.replace('#007da1', mark)}</div>`;

/** 128 high, mark and name beside each other. */
const logo = (mark: string, words: string): string =>
  `<div style="width:128px;height:128px">${MARK.replace('#007da1', mark)}</div>
<span style="font:500 76px/128px Roboto;padding-left:28px;color:${words};white-space:nowrap">LLM Gateway</span>`;

async function draw(browser: Browser, name: string, body: string): Promise<void> {
  for (const { suffix, scale } of [
    { suffix: '', scale: 1 },
    { suffix: '@2x', scale: 2 },
  ]) {
    const tab = await browser.newPage({ deviceScaleFactor: scale, viewport: { width: 900, height: 300 } });
    await tab.setContent(page(body));
    await tab.evaluate('document.fonts.ready');
    await tab.locator('#picture').screenshot({ path: join(BRAND, `${name}${suffix}.png`), omitBackground: true });
    await tab.close();
  }
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: FLAGS });
for (const { prefix, mark, words } of GROUNDS) {
  await draw(browser, `${prefix}icon`, icon(mark));
  await draw(browser, `${prefix}logo`, logo(mark, words));
}
await browser.close();
