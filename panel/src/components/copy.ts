import { t } from '../i18n/texts.ts';
import { toast } from './gw-toasts.ts';

/**
 * Copies a text and says so. On plain http the browser's clipboard is closed to pages, so the old way is tried too.
 * @returns whether it was copied
 */
export async function copyText(text: string): Promise<boolean> {
  const copied = await (navigator.clipboard?.writeText(text).then(() => true) ?? Promise.resolve(false)).catch(() => false);
  const done = copied || copyBySelection(text);
  toast(t(done ? 'copy.done' : 'copy.failed'));
  return done;
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'visually-hidden';
  // Inside an open dialog only what is in it can be focused.
  const dialog = deepestDialog();
  (dialog ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

function deepestDialog(root: Document | ShadowRoot = document): HTMLDialogElement | null {
  for (const element of root.querySelectorAll('*')) {
    if (element instanceof HTMLDialogElement && element.open) return element;
    const inside = element.shadowRoot && deepestDialog(element.shadowRoot);
    if (inside) return inside;
  }
  return null;
}
