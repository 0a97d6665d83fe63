/** Draws icons and logos of the app and of the integration from the panel's mark: `node scripts/brand-pictures.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
const BRAND = 'custom_components_bridge/custom_components/llm_gateway/brand';
const MARK = readFileSync(join(ROOT, 'panel/src/icons/favicon.svg'), 'utf8');
const ROBOTO = readFileSync(join(ROOT, 'node_modules/@fontsource/roboto/files/roboto-latin-500-normal.woff2'), 'base64');

const BLUE = '#007da1';
/** For dark ground. */
const LIGHT_BLUE = '#18a0c6';

interface Picture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Pixels for each of width and height. */
  readonly scale: number;
  /** What stands in the middle of the picture. */
  readonly content: string;
}

const mark = (size: number, colour = BLUE): string => `<i style="width:${size}px;height:${size}px">${MARK.replace(BLUE, colour)}</i>`;

const words = (size: number, colour = BLUE): string => `<b style="font-size:${size}px;color:${colour}">LLM Gateway</b>`;

/** The logo's words are in the mark's blue, which reads on light and on dark. */
const APP: readonly Picture[] = [
  { file: 'addon/icon.png', width: 128, height: 128, scale: 1, content: mark(128) },
  { file: 'addon/logo.png', width: 250, height: 100, scale: 1, content: `${mark(64)}${words(27)}` },
];

/** Home Assistant asks for each ground and for each density of screens. */
const INTEGRATION: readonly Picture[] = [
  { prefix: '', blue: BLUE },
  { prefix: 'dark_', blue: LIGHT_BLUE },
].flatMap(({ prefix, blue }) =>
  [1, 2].flatMap((scale) => {
    const suffix = scale === 1 ? '' : `@${scale}x`;
    return [
      { file: `${BRAND}/${prefix}icon${suffix}.png`, width: 256, height: 256, scale, content: mark(256, blue) },
      { file: `${BRAND}/${prefix}logo${suffix}.png`, width: 580, height: 128, scale, content: `${mark(128, blue)}${words(70, blue)}` },
    ];
  }),
);

function pageOf({ width, height, content }: Picture): string {
  return `<!doctype html><style>
    @font-face { font-family: Roboto; font-weight: 500; src: url(data:font/woff2;base64,${ROBOTO}); }
    body { margin: 0; width: ${width}px; height: ${height}px; display: flex; align-items: center; justify-content: center; gap: 12px; }
    i, svg { display: block; width: 100%; height: 100%; flex: none; }
    b { font-family: Roboto; font-weight: 500; white-space: nowrap; }
  </style>${content}`;
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const picture of [...APP, ...INTEGRATION]) {
    const { width, height, scale } = picture;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
    await page.setContent(pageOf(picture));
    await page.evaluate('document.fonts.ready');
    writeFileSync(join(ROOT, picture.file), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
