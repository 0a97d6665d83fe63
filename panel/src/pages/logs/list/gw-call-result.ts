import { mdiAccountArrowRight, mdiCallSplit } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CallRow } from '../../../api/calls.ts';
import '../../../components/gw-badge.ts';
import '../../../components/gw-state.ts';
import type { StateKind } from '../../../components/gw-state.ts';
import { t } from '../../../i18n/texts.ts';
import { base } from '../../../theme/base.ts';
import { isSecondChoice, marksOf } from '../call-words.ts';
import { failureName } from '../failure.ts';

interface Outcome {
  readonly kind: StateKind;
  readonly label: string;
  /** Another icon than the usual one of its kind. */
  readonly icon?: string;
}

/** How a call ended, in one word. */
export function outcomeOf(row: CallRow): Outcome {
  if (row.status === 'failure') return { kind: 'bad', label: failureName(row) };
  if (row.metadata['client_left'] === true) return { kind: 'off', label: t('logs.marks.left'), icon: mdiAccountArrowRight };
  if (isSecondChoice(row)) return { kind: 'off', label: t('logs.second_choice'), icon: mdiCallSplit };
  return { kind: 'good', label: t('logs.ok') };
}

/** How a call ended, and its marks. With `compact` an icon that is named. */
@customElement('gw-call-result')
export class GwCallResult extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        vertical-align: middle;
      }
    `,
  ];

  @property({ attribute: false }) call: CallRow | null = null;
  @property({ type: Boolean }) compact = false;

  override render() {
    const { call } = this;
    if (!call) return nothing;
    const { kind, label, icon = '' } = outcomeOf(call);
    if (this.compact) return html`<gw-state compact kind=${kind} label=${label} icon=${icon}></gw-state>`;
    const marks = marksOf(call).filter((mark) => mark !== 'logs.marks.left');
    return html`<gw-state kind=${kind} label=${label} icon=${icon}></gw-state
      >${marks.map((mark) => html`<gw-badge>${t(mark)}</gw-badge>`)}`;
  }
}
