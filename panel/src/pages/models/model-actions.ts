import { mdiCancel, mdiConnection, mdiDelete, mdiFileDocumentOutline, mdiPencil, mdiPlayCircleOutline } from '@mdi/js';
import { ApiError } from '../../api/client.ts';
import { blockModel, checkModel, deleteModel, type Model } from '../../api/models.ts';
import { confirm } from '../../components/confirm.ts';
import type { MenuItem } from '../../components/gw-menu.ts';
import { toast } from '../../components/gw-toasts.ts';
import { t } from '../../i18n/texts.ts';

interface Actions {
  readonly edit: (model: Model) => void;
  /** It is gone, or not as it was. */
  readonly changed: () => void;
}

/** What an administrator can do with a model; of one of the file it is said where it is changed. */
export function modelMenu(model: Model, { edit, changed }: Actions): readonly MenuItem[] {
  const test: MenuItem = { label: t('models.actions.test'), icon: mdiConnection, action: () => void testNow(model) };
  const { blocked, db_model: own } = model.model_info;
  if (!own) return [test, { label: t('models.in_file'), icon: mdiFileDocumentOutline, ruled: true }];
  return [
    { label: t('models.actions.edit'), icon: mdiPencil, action: () => edit(model) },
    test,
    blocked
      ? { label: t('models.actions.unblock'), icon: mdiPlayCircleOutline, action: () => void setBlocked(model, false, changed) }
      : { label: t('models.actions.block'), icon: mdiCancel, action: () => void setBlocked(model, true, changed) },
    { label: t('models.actions.delete'), icon: mdiDelete, danger: true, ruled: true, action: () => void askAndDelete(model, changed) },
  ];
}

/** Calls it once and tells how that went. */
export async function testNow({ model_name: name, model_info: info }: Model): Promise<void> {
  toast(t('models.test.running', { name }), { stays: true });
  await told(async () => {
    const failure = await checkModel(info.id);
    toast(failure === null ? t('models.test.works', { name }) : t('models.test.failed', { name, words: failure }));
  });
}

/** At once, and can be taken back. */
export async function setBlocked({ model_name: name, model_info: info }: Model, blocked: boolean, changed: () => void): Promise<void> {
  const set = (value: boolean) =>
    told(async () => {
      await blockModel(info.id, value);
      changed();
    });
  const done = await set(blocked);
  if (!done) return;
  toast(t(blocked ? 'models.blocked' : 'models.unblocked', { name }), {
    action: { label: t('models.undo'), run: () => void set(!blocked) },
  });
}

/** Calls end with an error from then on, so it asks first. */
export async function askAndDelete({ model_name: name, model_info: info, place }: Model, changed: () => void): Promise<void> {
  const agreed = await confirm({
    title: t('models.delete.title', { name }),
    text: place.of > 1 ? t('models.delete.text_shared', { name }) : t('models.delete.text', { name }),
    yes: t('models.delete.yes'),
    danger: true,
  });
  if (!agreed) return;
  const done = await told(() => deleteModel(info.id));
  if (!done) return;
  toast(t('models.delete.done', { name }));
  changed();
}

/** A refusal is told in a toast. @returns whether it worked */
async function told(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message);
    return false;
  }
}
