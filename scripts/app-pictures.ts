/** Draws addon/icon.png and addon/logo.png from the panel's mark: `node scripts/app-pictures.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
const MARK = readFileSync(join(ROOT, 'panel/src/icons/favicon.svg'), 'utf8');
const ROBOTO = readFileSync(join(ROOT, 'node_modules/@fontsource/roboto/files/roboto-latin-500-normal.woff2'), 'base64');

interface Picture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** What stands in the middle of the picture. */
  readonly content: string;
}

/** The logo's words are in the mark's blue, which reads on light and on dark. */
const PICTURES: readonly Picture[] = [
  { file: 'icon.png', width: 128, height: 128, content: `<i style="width:128px;height:128px">${MARK}</i>` },
  { file: 'logo.png', width: 250, height: 100, content: `<i style="width:64px;height:64px">${MARK}</i><b>LLM Gateway</b>` },
];

function pageOf({ width, height, content }: Picture): string {
  return `<!doctype html><style>
    @font-face { font-family: Roboto; font-weight: 500; src: url(data:font/woff2;base64,${ROBOTO}); }
    body { margin: 0; width: ${width}px; height: ${height}px; display: flex; align-items: center; justify-content: center; gap: 12px; }
    i, svg { display: block; width: 100%; height: 100%; flex: none; }
    b { font: 500 27px Roboto; color: #007da1; white-space: nowrap; }
  </style>${content}`;
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const picture of PICTURES) {
    const page = await browser.newPage({ viewport: { width: picture.width, height: picture.height } });
    await page.setContent(pageOf(picture));
    await page.evaluate('document.fonts.ready');
    writeFileSync(join(ROOT, 'addon', picture.file), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
