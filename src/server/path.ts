/**
 * The path of a request target, in one form: made once, before anything is matched (ruling K9).
 *
 * `//` is collapsed, a slash at the end is dropped, the root path is taken off. Nothing is decoded and no dot segments are
 * resolved: what is written otherwise is another path, and matches nothing.
 *
 * @param target as it stands in the request line; an absolute form is reduced to its path
 * @returns null when the target lies outside the root path or is no path at all
 */
export function normalPath(target: string, rootPath: string): { readonly path: string; readonly query: string } | null {
  const mark = target.indexOf('?');
  let path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  if (!path.startsWith('/')) {
    const absolute = /^https?:\/\/[^/]*(\/.*)?$/i.exec(path);
    if (!absolute) return null;
    path = absolute[1] ?? '/';
  }
  if (path.includes('//')) path = path.replaceAll(/\/{2,}/g, '/');
  if (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  if (rootPath === '') return { path, query };
  if (path === rootPath) return { path: '/', query };
  return path.startsWith(`${rootPath}/`) ? { path: path.slice(rootPath.length), query } : null;
}
