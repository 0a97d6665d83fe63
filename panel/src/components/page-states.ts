import { mdiCloudOffOutline } from '@mdi/js';
import { html, nothing } from 'lit';
import type { PageData } from '../page-data.ts';
import { t } from '../i18n/texts.ts';
import './gw-alert.ts';
import './gw-button.ts';
import './gw-empty.ts';
import './gw-ring.ts';
import './gw-loading.ts';

/**
 * The states of a page or card around what it shows: the ring (after 300 ms) while there is nothing yet, the error with "Try now" when there
 * never was anything, and the old value with a notice above when only the reload failed.
 */
export function pageState<Value>(
  data: PageData<Value, never[]> | PageData<Value>,
  show: (value: Value) => unknown,
  { tight = false } = {},
): unknown {
  const { value, error } = data;
  const retry = html`<gw-button slot="action" look="filled" @click=${() => data.reload()}>${t('actions.try_now')}</gw-button>`;
  if (value === undefined) {
    if (!error) return html`<gw-loading ?tight=${tight}></gw-loading>`;
    return html`<gw-empty .icon=${tight ? '' : mdiCloudOffOutline} heading=${t('states.failed')} ?tight=${tight}
      >${error.message}${retry}</gw-empty
    >`;
  }
  const notice = error
    ? html`<gw-alert kind="warning" announce
        >${t('states.stale')} ${error.message}<gw-button slot="action" small tone="neutral" @click=${() => data.reload()}
          >${t('actions.try_now')}</gw-button
        ></gw-alert
      >`
    : nothing;
  return html`${notice}${show(value)}`;
}
