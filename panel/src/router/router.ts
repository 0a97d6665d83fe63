/** Where the reader is: a path below the base without slash in front, and what stands behind the question mark. */
export interface PageLocation {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Path and query as an address below the base, for `href`. The overview is `./`. */
export function href(path: string, query?: URLSearchParams | Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString();
  return `${path === '' ? './' : path}${search === '' ? '' : `?${search}`}`;
}

/**
 * Keeps page and address together. Framed by Home Assistant, the address people see is the parent's: then the parent makes the history
 * entries, and this only follows.
 */
export class Router extends EventTarget {
  /** Tells the parent; `null` when nobody frames us. */
  announce: ((address: string, replace: boolean) => void) | null = null;
  #pathOfId: (id: string) => string | null = () => null;

  get location(): PageLocation {
    const base = new URL(document.baseURI).pathname;
    const { pathname, search } = globalThis.location;
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : '';
    return { path: path.replace(/\/+$/, ''), query: new URLSearchParams(search) };
  }

  /** @param pathOfId the page that LiteLLM's own addresses call by an id, `?page=api-keys` */
  start(pathOfId: (id: string) => string | null): void {
    this.#pathOfId = pathOfId;
    globalThis.addEventListener('popstate', () => this.#changed());
    document.addEventListener('click', (event) => this.#onClick(event));
    this.#translateId();
  }

  /** Opens a page. @param address as `href` gives it; `replace` for filters and tabs, which the back button should not walk through */
  navigate(address: string, { replace = false }: { replace?: boolean } = {}): void {
    const url = new URL(address, document.baseURI);
    if (url.href === globalThis.location.href) return;
    const framed = this.announce !== null;
    history[replace || framed ? 'replaceState' : 'pushState'](null, '', url);
    this.announce?.(this.#below(url), replace);
    this.#changed();
  }

  /** Goes where the parent says, without telling it again. */
  follow(address: string): void {
    const url = new URL(address || './', document.baseURI);
    if (url.href === globalThis.location.href) return;
    history.replaceState(null, '', url);
    this.#translateId();
    this.#changed();
  }

  #below(url: URL): string {
    return url.pathname.slice(new URL(document.baseURI).pathname.length) + url.search;
  }

  #changed(): void {
    this.dispatchEvent(new CustomEvent('change'));
  }

  /** `?page=api-keys` is `keys`. */
  #translateId(): void {
    const { path, query } = this.location;
    const id = query.get('page');
    const meant = path === '' && id !== null ? this.#pathOfId(id) : null;
    if (meant === null) return;
    query.delete('page');
    history.replaceState(null, '', new URL(href(meant, query), document.baseURI));
  }

  /** Links inside the panel change the page; every other link is the browser's. */
  #onClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((element): element is HTMLAnchorElement => element instanceof HTMLAnchorElement);
    if (!link?.href || link.target || link.hasAttribute('download') || link.rel.includes('external')) return;
    if (!link.href.startsWith(document.baseURI)) return;
    event.preventDefault();
    this.navigate(link.href);
  }
}

/** The panel's one router. */
export const router = new Router();
