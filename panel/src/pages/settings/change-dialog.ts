import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { readChange, type Change } from '../../api/audit.ts';
import '../../components/gw-button.ts';
import '../../components/gw-dialog.ts';
import { pageState } from '../../components/page-states.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { base, layout } from '../../theme/base.ts';
import { actionWord, authorOf, differencesOf, kindWord, objectOf, type Difference } from './change-words.ts';

/** One change: what each member was and what it is. Fires `gw-close`. */
@customElement('gw-change-dialog')
export class GwChangeDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      h3 {
        margin-block: var(--ha-space-4) 4px;
        font-weight: var(--ha-font-weight-medium);
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: 72px minmax(0, 1fr);
        gap: 4px var(--ha-space-2);
        align-items: baseline;
      }
      dt {
        font-size: var(--ha-font-size-s);
        color: var(--secondary-text-color);
      }
      dd {
        padding: 4px var(--ha-space-2);
        border-radius: var(--ha-border-radius-sm);
        background: var(--gw-code-background);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .was {
        color: var(--secondary-text-color);
      }
    `,
  ];

  @property() changeId = '';
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map();
  readonly #change = new PageData(this, { args: () => [this.changeId] as const, load: ([id], signal) => readChange(id, signal) });

  override render() {
    const change = this.#change.value;
    const heading = change ? objectOf(change) : t('settings.change');
    return html`<gw-dialog open heading=${heading} subtitle=${change ? this.#summary(change) : ''} @gw-close=${this.#close}>
      ${pageState(this.#change, (one) => this.#differences(one), { tight: true })}
      <gw-button slot="footer" autofocus @click=${this.#close}>${t('actions.close')}</gw-button>
    </gw-dialog>`;
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }

  #summary(change: Change): string {
    const what = t('settings.change_summary', { kind: kindWord(change), action: actionWord(change) });
    return t('settings.change_by', { what, who: authorOf(change, this.names), when: dateTime(change.updated_at) });
  }

  #differences(change: Change) {
    const differences = differencesOf(change);
    if (differences.length === 0) return html`<p class="secondary">${t('settings.no_difference')}</p>`;
    return differences.map(({ member, before, after }: Difference) => {
      const isNew = change.before_value === null;
      return html`<section>
        <h3 class="mono" dir="ltr">${member}</h3>
        <dl>
          ${
            isNew
              ? nothing
              : html`<dt>${t('settings.before')}</dt>
                  <dd class="mono was" dir="ltr">${before ?? t('settings.not_set')}</dd>`
          }
          ${
            change.updated_values === null
              ? nothing
              : html`<dt>${t('settings.after')}</dt>
                  <dd class="mono" dir="ltr">${after ?? t('settings.not_set')}</dd>`
          }
        </dl>
      </section>`;
    });
  }
}
