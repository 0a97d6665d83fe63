import type { Setting } from '../../api/settings.ts';
import { t } from '../../i18n/texts.ts';

/** Whether a setting stands where the panel does not write: in the file, in the environment, or it counts from the next start on. */
export function isElsewhere({ source, changeable }: Setting): boolean {
  return source === 'file' || source === 'environment' || !changeable;
}

/** Where a setting is set, for those that cannot be changed here. */
export function placeOf({ source, place }: Setting): string {
  switch (source) {
    case 'file':
      return place ? t('settings.set_in_file', { file: place.file, line: place.line }) : t('settings.set_in_some_file');
    case 'environment':
      return t('settings.set_in_environment');
    case 'database':
    case 'default':
      return '';
  }
}
