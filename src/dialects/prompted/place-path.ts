/** A path with the model's name in its place. A name may have parts of its own, parted by slashes. */
export function placePath(path: string, model: string): string {
  return path.replace('{model}', () => model.split('/').map(encodeURIComponent).join('/'));
}
