import { directionOf, locale } from './i18n/locale.ts';

/** What Home Assistant tells a panel that it frames. */
interface Properties {
  readonly type: 'home-assistant/properties';
  readonly narrow: boolean;
  readonly route: { readonly prefix: string; readonly path: string };
  /** Lengths of CSS, such as `0px`. */
  readonly safeAreaInsets?: { readonly top: string; readonly right: string; readonly bottom: string; readonly left: string };
}

/** The parts of the frontend's own object that are read, never called. All of it is best effort. */
interface Hass {
  readonly themes?: { readonly darkMode?: boolean };
  readonly language?: string;
  readonly locale?: { readonly number_format?: string; readonly time_format?: string; readonly time_zone?: string };
  readonly config?: { readonly time_zone?: string };
  readonly dockedSidebar?: string;
}

const PROPERTIES_WITHIN_MS = 1_000;
/** Up to this width the frontend has no sidebar beside us, but a bar above. */
const NARROW = 870;
const NUMBER_LOCALES: Readonly<Record<string, string>> = { comma_decimal: 'en-US', decimal_comma: 'de', space_comma: 'fr' };
/** Variables that have no fallback of ours: taken over when the theme sets them. */
const OPTIONAL = [
  '--ha-card-background',
  '--ha-card-border-radius',
  '--ha-card-border-width',
  '--ha-card-border-color',
  '--ha-card-box-shadow',
  ...Array.from({ length: 54 }, (_, index) => `--graph-color-${index + 1}`),
];

/** Reads from the parent; whatever goes wrong there never breaks the panel. */
function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/**
 * The panel inside Home Assistant: header instead of the frontend's own bar, menu button, route, theme, language, direction. Outside it is
 * silent, and the panel follows the browser. Uses the documented messages and reads the parent's styles; it never uses the parent's rights.
 */
export class HaBridge extends EventTarget {
  #properties: Properties | null = null;
  #asked = false;
  /** Whether the frontend was asked to take its own bar away. */
  #bare = false;
  /** `?theme=dark&dir=rtl` at the first address, for tests and pictures. */
  readonly #forced = new URLSearchParams(globalThis.location.search);

  /** Whether a page of the same origin frames us. */
  get framed(): boolean {
    return window.parent !== window && attempt(() => window.parent.document.documentElement) !== null;
  }

  /** Whether the frontend has given us its header and its menu. */
  get connected(): boolean {
    return this.#properties !== null;
  }

  /** Whether the sidebar is out of sight, so that the header needs its button. */
  get needsMenuButton(): boolean {
    if (!this.#properties) return false;
    return this.#properties.narrow || this.#hass?.dockedSidebar === 'always_hidden';
  }

  /** Address below our own prefix that the parent shows. */
  get route(): string | null {
    if (!this.#properties) return null;
    const { prefix, path } = this.#properties.route;
    const search = attempt(() => window.parent.location.search) ?? '';
    return `${`${prefix}${path}`.replace(/^\/(app\/)?[^/]+\/?/, '')}${search}`;
  }

  get #hass(): Hass | null {
    return attempt(() => (window.parent.document.querySelector('home-assistant') as { hass?: Hass } | null)?.hass ?? null);
  }

  /** @returns when the frontend has answered, or has not within a second */
  async start(): Promise<void> {
    this.refresh();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.refresh());
    document.addEventListener('visibilitychange', () => this.refresh());
    if (!this.framed) return;
    this.#watchParent();
    await this.#subscribe();
  }

  toggleMenu(): void {
    this.#send({ type: 'home-assistant/toggle-menu' });
  }

  /** Shows our address in the parent's. */
  navigate(address: string, replace: boolean): void {
    if (!this.#properties) return;
    const { prefix, path } = this.#properties.route;
    const own = /^\/(app\/)?[^/]+/.exec(`${prefix}${path}`)?.[0] ?? prefix;
    this.#send({ type: 'home-assistant/navigate', path: `${own}/${address}`.replace(/\/$/, ''), options: { replace } });
  }

  /** Opens a page of Home Assistant itself, `/config/app/llm_gateway/config`. */
  open(path: string): void {
    this.#send({ type: 'home-assistant/navigate', path });
  }

  /** Reads theme, language and direction again. */
  refresh(): void {
    const forced = this.#forced.get('theme');
    const root = document.documentElement;
    if (this.framed && forced === null) this.#copyTokens();
    root.dataset['theme'] = forced ?? (this.#isDark() ? 'dark' : 'light');
    this.#takeLocale();
    root.dir = locale.direction;
    this.dispatchEvent(new CustomEvent('change'));
  }

  #isDark(): boolean {
    const said = this.#hass?.themes?.darkMode;
    if (said !== undefined) return said;
    if (!this.framed) return matchMedia('(prefers-color-scheme: dark)').matches;
    const background = attempt(() => window.parent.getComputedStyle(window.parent.document.documentElement).backgroundColor) ?? '';
    const [red, green, blue, opacity] = (background.match(/[\d.]+/g) ?? []).map(Number);
    if (red === undefined || green === undefined || blue === undefined || opacity === 0)
      return matchMedia('(prefers-color-scheme: dark)').matches;
    return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
  }

  /** Our names are the ones of the token file, which is the list of what is copied. */
  #copyTokens(): void {
    const values = attempt(() => window.parent.getComputedStyle(window.parent.document.documentElement));
    if (!values) return;
    const { style } = document.documentElement;
    for (const name of tokenNames()) {
      const value = values.getPropertyValue(name).trim();
      if (value === '') style.removeProperty(name);
      else style.setProperty(name, value);
    }
  }

  #takeLocale(): void {
    const hass = this.#hass;
    const language =
      hass?.language ?? (attempt(() => (this.framed ? window.parent.document.documentElement.lang : '')) || navigator.language);
    const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    Object.assign(locale, {
      language: language || 'en',
      numbers: NUMBER_LOCALES[hass?.locale?.number_format ?? ''] ?? (language || 'en'),
      hour12: hass?.locale?.time_format === '12' ? true : hass?.locale?.time_format === '24' ? false : null,
      timeZone: (hass?.locale?.time_zone === 'server' ? hass.config?.time_zone : null) ?? browserZone,
      direction: this.#direction(language),
    });
  }

  #direction(language: string): 'ltr' | 'rtl' {
    const forced = this.#forced.get('dir');
    if (forced === 'rtl' || forced === 'ltr') return forced;
    const said = this.framed ? attempt(() => window.parent.document.documentElement.dir) : null;
    return said === 'rtl' || said === 'ltr' ? said : directionOf(language || 'en');
  }

  #watchParent(): void {
    attempt(() =>
      new MutationObserver(() => this.refresh()).observe(window.parent.document.documentElement, {
        attributes: true,
        attributeFilter: ['style', 'class', 'dir', 'lang'],
      }),
    );
  }

  async #subscribe(): Promise<void> {
    this.#asked = true;
    const answered = new Promise<void>((resolve) => {
      window.addEventListener('message', (event) => {
        if (event.source !== window.parent || event.origin !== location.origin) return;
        if ((event.data as { type?: unknown } | null)?.type !== 'home-assistant/properties') return;
        this.#take(event.data as Properties);
        resolve();
      });
    });
    window.addEventListener('pagehide', () => this.#send({ type: 'home-assistant/unsubscribe-properties' }));
    this.#ask(this.#isNarrow());
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, PROPERTIES_WITHIN_MS))]);
  }

  /**
   * The frontend's own bar above us goes only together with its sidebar, which belongs on a wide screen: so its bar is asked away where there
   * is no sidebar, and that changes with the width.
   */
  #ask(bare: boolean): void {
    if (this.#bare) this.#send({ type: 'home-assistant/unsubscribe-properties' });
    this.#bare = bare;
    this.#send({ type: 'home-assistant/subscribe-properties', kioskMode: bare, handleSafeArea: true });
  }

  /** Whether the frontend shows no sidebar beside us. */
  #isNarrow(): boolean {
    if (this.#hass?.dockedSidebar === 'always_hidden') return true;
    return this.#properties?.narrow ?? (attempt(() => window.parent.innerWidth) ?? innerWidth) <= NARROW;
  }

  #take(properties: Properties): void {
    // It is told at every change of the window's size as well.
    if (JSON.stringify(properties) === JSON.stringify(this.#properties)) return;
    this.#properties = properties;
    if (this.#isNarrow() !== this.#bare) this.#ask(this.#isNarrow());
    for (const side of ['top', 'right', 'bottom', 'left'] as const) {
      const inset = properties.safeAreaInsets?.[side];
      if (inset !== undefined) document.documentElement.style.setProperty(`--safe-area-inset-${side}`, inset);
    }
    this.dispatchEvent(new CustomEvent('change'));
    this.dispatchEvent(new CustomEvent('route'));
  }

  #send(message: object): void {
    if (this.#asked) attempt(() => window.parent.postMessage(message, location.origin));
  }
}

/** Names of the variables of Home Assistant: what the token file sets on the root, without our own. */
function tokenNames(): string[] {
  const rules = [...document.styleSheets].flatMap((sheet) => attempt(() => [...sheet.cssRules]) ?? []);
  const names = rules
    .filter((rule): rule is CSSStyleRule => rule instanceof CSSStyleRule && rule.selectorText === ':root')
    .flatMap((rule) => [...rule.style])
    .filter((name) => name.startsWith('--') && !name.startsWith('--gw-') && !name.startsWith('--wa-') && !name.startsWith('--safe-area'));
  return [...new Set(names), ...OPTIONAL];
}

/** The panel's one bridge to its frame. */
export const haBridge = new HaBridge();
