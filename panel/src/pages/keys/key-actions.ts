import { mdiBackupRestore, mdiCancel, mdiCheckCircleOutline, mdiDelete, mdiKeyChange, mdiPencil } from '@mdi/js';
import { ApiError } from '../../api/client.ts';
import { blockKey, deleteKey, resetSpend, type Key, type NewKey } from '../../api/keys.ts';
import { confirm } from '../../components/confirm.ts';
import type { MenuItem } from '../../components/gw-menu.ts';
import { toast } from '../../components/gw-toasts.ts';
import { openDialog } from '../../components/open-dialog.ts';
import { money } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';
import type { Session } from '../../api/session.ts';
import { isAdmin } from '../../session/session-context.ts';
import { isManaged, keyName } from './key-facts.ts';

/** What can be done with a key, wherever it is shown. */
export interface KeyActions {
  readonly session: Session;
  /** The key is not as it was. */
  readonly changed: () => void;
  /** The key is gone, or has another hash: null when gone. */
  readonly replaced: (hash: string | null) => void;
}

/** Does something and says in a toast why it did not work. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message);
  }
}

/** Acts at once; the toast takes it back. */
export function setBlocked(key: Key, blocked: boolean, actions: KeyActions, { undoable = true } = {}): Promise<void> {
  return attempt(async () => {
    await blockKey(key.token, blocked);
    actions.changed();
    const text = t(blocked ? 'keys.blocked_now' : 'keys.unblocked_now', { name: keyName(key) });
    const undo = { label: t('keys.undo'), run: () => void setBlocked(key, !blocked, actions, { undoable: false }) };
    toast(text, undoable ? { action: undo } : {});
  });
}

export async function edit(key: Key, { session, changed }: KeyActions): Promise<void> {
  await import('./key-dialog.ts');
  const saved = await openDialog<Key>(Object.assign(document.createElement('gw-key-dialog'), { session, key }));
  if (saved) changed();
}

export async function regenerate(key: Key, { changed, replaced }: KeyActions): Promise<void> {
  await import('./key-regenerate-dialog.ts');
  const made = await openDialog<NewKey>(Object.assign(document.createElement('gw-key-regenerate-dialog'), { key }));
  if (!made) return;
  changed();
  await showOnce(made, true);
  replaced(made.token);
}

/** The one time a key's text is seen. */
export async function showOnce(made: NewKey, again = false): Promise<void> {
  await import('./key-created-dialog.ts');
  await openDialog(Object.assign(document.createElement('gw-key-created-dialog'), { made, again }));
}

export async function raise(key: Key, { changed }: KeyActions): Promise<void> {
  await import('./key-raise-dialog.ts');
  const raised = await openDialog<Key>(Object.assign(document.createElement('gw-key-raise-dialog'), { key }));
  if (raised) changed();
}

/** Asks first: the spend that was counted is gone. The sums in Usage stay. */
export async function askReset(key: Key, { changed }: KeyActions): Promise<void> {
  const name = keyName(key);
  const agreed = await confirm({
    title: t('keys.reset.title', { name }),
    text: t('keys.reset.text', { spend: money(key.spend) }),
    yes: t('keys.reset.yes'),
  });
  if (!agreed) return;
  await attempt(async () => {
    await resetSpend(key.token, 0);
    changed();
    toast(t('keys.reset.done', { name }));
  });
}

export async function askDelete(key: Key, { replaced }: KeyActions): Promise<void> {
  const name = keyName(key);
  const agreed = await confirm({
    title: t('keys.delete.title', { name }),
    text: t('keys.delete.text'),
    yes: t('keys.delete.yes'),
    danger: true,
  });
  if (!agreed) return;
  await attempt(async () => {
    await deleteKey(key.token);
    toast(t('keys.delete.done', { name }));
    replaced(null);
  });
}

/** The menu of a row. */
export function keyMenu(key: Key, actions: KeyActions): MenuItem[] {
  if (actions.session.read_only) return [];
  const blocked = key.blocked === true;
  return [
    { label: t('keys.menu.edit'), icon: mdiPencil, action: () => void edit(key, actions) },
    {
      label: t(blocked ? 'keys.menu.unblock' : 'keys.menu.block'),
      icon: blocked ? mdiCheckCircleOutline : mdiCancel,
      action: () => void setBlocked(key, !blocked, actions),
    },
    { label: t('keys.menu.regenerate'), icon: mdiKeyChange, action: () => void regenerate(key, actions) },
    ...(isAdmin(actions.session)
      ? [{ label: t('keys.menu.reset'), icon: mdiBackupRestore, action: () => void askReset(key, actions) }]
      : []),
    ...(isManaged(key)
      ? []
      : [{ label: t('keys.menu.delete'), icon: mdiDelete, danger: true, ruled: true, action: () => void askDelete(key, actions) }]),
  ];
}
