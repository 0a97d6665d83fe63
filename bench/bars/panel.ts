import { chromium } from 'playwright-core';
import { ensureChromium } from '../../scripts/chromium.ts';
import type { Rig, Verdict } from '../rig/rig.ts';

const FIRST_LOAD_KB = 150;

/**
 * P12: what a browser loads before the panel can be used, after a log-in, as it goes over the wire with gzip; and whether it asked
 * anybody else for anything.
 */
export async function panelFirstLoad(rig: Rig): Promise<Verdict[]> {
  const { asked, foreign } = await loaded(rig);
  let bytes = 0;
  for (const url of asked) bytes += await gzipped(url);
  const kb = bytes / 1000;
  return [
    {
      id: 'P12',
      what: 'panel, first load',
      measured: `${kb.toFixed(0)} kB gzip in ${asked.length} files, ${foreign} requests to other origins`,
      bar: `<= ${FIRST_LOAD_KB} kB, none`,
      passed: kb <= FIRST_LOAD_KB && foreign === 0,
      figures: { kb, files: asked.length, foreign },
    },
  ];
}

async function loaded({ gateway, say }: Rig): Promise<{ readonly asked: readonly string[]; readonly foreign: number }> {
  const origin = `http://127.0.0.1:${gateway.port}`;
  const browser = await chromium.launch({
    executablePath: ensureChromium(say),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const context = await browser.newContext();
    await context.request.post(`${origin}/v2/login`, { data: { username: 'admin', password: gateway.masterKey } });
    const page = await context.newPage();
    const asked = new Set<string>();
    let foreign = 0;
    page.on('request', (request) => {
      const url = request.url();
      if (url.startsWith('data:') || url.startsWith('blob:')) return;
      if (!url.startsWith(`${origin}/`)) foreign++;
      else if (url.startsWith(`${origin}/ui`)) asked.add(url);
    });
    await page.goto(`${origin}/ui/`, { waitUntil: 'networkidle' }).catch(() => page.waitForTimeout(3000));
    await page.locator('gw-app').waitFor();
    return { asked: [...asked], foreign };
  } finally {
    await browser.close();
  }
}

/** Bytes of the answer as they were sent. */
async function gzipped(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  const sent = answer.headers.get('content-length');
  await answer.arrayBuffer();
  return Number(sent ?? 0);
}
