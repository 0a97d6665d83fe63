import { mdiAccountOutline, mdiKeyVariant } from '@mdi/js';
import { html } from 'lit';
import { searchKeys, searchModels, type KeyChoice, type ModelChoice } from '../../api/playground.ts';
import '../../components/gw-icon.ts';
import type { Pick } from '../../components/gw-picker.ts';
import '../../components/gw-provider.ts';
import { t } from '../../i18n/texts.ts';

/** A model as the picker shows it: tile of its provider, name, the provider's own name for it. */
export function modelPick(model: ModelChoice): Pick<ModelChoice> {
  const [first, ...others] = model.deployments;
  const note = others.length > 0 ? t('playground.deployments', { count: model.deployments.length }) : first?.model;
  return {
    id: model.name,
    label: model.name,
    ...(note && note !== model.name ? { note } : {}),
    lead: html`<gw-provider size="s" provider=${first?.provider ?? ''} name=${first?.provider ?? model.name}></gw-provider>`,
    value: model,
  };
}

export async function loadModelPicks(search: string, signal: AbortSignal): Promise<Pick<ModelChoice>[]> {
  return (await searchModels(search, signal)).map(modelPick);
}

/** Null is the person who is logged in. */
export function keyPick(key: KeyChoice | null): Pick<KeyChoice | null> {
  if (!key) return { id: '', label: t('playground.this_session'), lead: keyIcon(mdiAccountOutline), value: null };
  const label = nameOfKey(key);
  return {
    id: key.hash,
    label,
    ...(key.shown && key.shown !== label ? { note: key.shown } : {}),
    lead: keyIcon(mdiKeyVariant),
    value: key,
  };
}

export function nameOfKey({ alias, shown, hash }: KeyChoice): string {
  return alias || shown || hash.slice(0, 8);
}

export async function loadKeyPicks(search: string, signal: AbortSignal): Promise<Pick<KeyChoice | null>[]> {
  const keys = (await searchKeys(search, signal)).map(keyPick);
  const own = keyPick(null);
  return own.label.toLowerCase().includes(search.toLowerCase()) ? [own, ...keys] : keys;
}

const keyIcon = (path: string) => html`<gw-icon size="s" class="secondary" .path=${path}></gw-icon>`;
