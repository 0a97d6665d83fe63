import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { ICON_FILES } from 'virtual:web-awesome-icons';

/** Gives Web Awesome's parts our own icon files; its default library would ask a foreign host, its system library a `data:` address. */
export function useOwnIcons(): void {
  const resolver = (name: string) => ICON_FILES[name] ?? ICON_FILES['circle'] ?? '';
  for (const library of ['default', 'system']) registerIconLibrary(library, { resolver });
}
