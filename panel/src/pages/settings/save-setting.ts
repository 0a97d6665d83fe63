import { ApiError } from '../../api/client.ts';
import { changeSetting, presentOf, type Setting, type Wanted } from '../../api/settings.ts';
import { toast } from '../../components/gw-toasts.ts';
import { t } from '../../i18n/texts.ts';

/** Tells the page that a setting is not as it was. */
export function announceChange(): void {
  window.dispatchEvent(new CustomEvent('gw-settings-changed'));
}

/**
 * Saves a setting at once; a toast offers to take it back.
 *
 * @param name what people call it
 * @throws {ApiError} when the value is refused: nothing has changed
 */
export async function saveSetting(setting: Setting, wanted: Wanted, name: string): Promise<void> {
  const before = presentOf(setting);
  await changeSetting(setting, wanted);
  announceChange();
  const stored = wanted.is === 'value';
  toast(t('settings.saved', { name }), {
    action: { label: t('settings.undo'), run: () => void undo({ ...setting, stored_in_db: stored }, before, name) },
  });
}

async function undo(setting: Setting, before: Wanted, name: string): Promise<void> {
  try {
    await changeSetting(setting, before);
    announceChange();
    toast(t('settings.undone', { name }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message);
  }
}
