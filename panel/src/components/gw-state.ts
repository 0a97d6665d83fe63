import { mdiAlert, mdiAlertCircle, mdiCancel, mdiCheckCircle, mdiClockOutline, mdiMinusCircle } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

export type StateKind = 'good' | 'warn' | 'bad' | 'blocked' | 'off' | 'waiting';

const LOOKS: Readonly<Record<StateKind, { path: string; tone: string }>> = {
  good: { path: mdiCheckCircle, tone: 'good' },
  warn: { path: mdiAlert, tone: 'warn' },
  bad: { path: mdiAlertCircle, tone: 'bad' },
  blocked: { path: mdiCancel, tone: 'bad' },
  off: { path: mdiMinusCircle, tone: 'secondary' },
  waiting: { path: mdiClockOutline, tone: 'secondary' },
};

/** A state as icon and word, never as color alone; with `compact` the word moves into the icon's label, for narrow rows. */
@customElement('gw-state')
export class GwState extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        vertical-align: middle;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        white-space: nowrap;
      }
    `,
  ];

  @property() kind: StateKind = 'good';
  @property() label = '';
  @property({ type: Boolean }) compact = false;
  /** Another icon than the usual one of its kind. */
  @property() icon = '';

  override render() {
    const { path, tone } = LOOKS[this.kind];
    return this.compact
      ? html`<span class="state ${tone}"><gw-icon size="s" .path=${this.icon || path} label=${this.label}></gw-icon></span>`
      : html`<span class="state ${tone}"><gw-icon size="s" .path=${this.icon || path}></gw-icon>${this.label}</span>`;
  }
}
