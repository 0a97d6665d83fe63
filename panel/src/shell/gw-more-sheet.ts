import { mdiCheck } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../components/gw-dialog.ts';
import '../components/gw-icon.ts';
import { t } from '../i18n/texts.ts';
import { TABS } from '../router/routes.ts';
import { href } from '../router/router.ts';
import { base, layout } from '../theme/base.ts';

/** The pages that have no place in the bottom bar. */
@customElement('gw-more-sheet')
export class GwMoreSheet extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .list-row {
        gap: var(--ha-space-4);
        padding-inline: var(--ha-space-6);
        color: var(--primary-text-color);
      }
      .list-row > gw-icon {
        color: var(--secondary-text-color);
      }
      [aria-current] {
        font-weight: var(--ha-font-weight-medium);
      }
      .list-row:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  @property({ type: Boolean }) open = false;
  @property() current = '';

  override render() {
    return html`<gw-dialog flush .open=${this.open} @gw-close=${this.#close}>
      <nav aria-label=${t('tabs.more')}>
        ${TABS.slice(4).map(({ path, label, icon }) => {
          const current = path === this.current;
          return html`<a class="list-row" href=${href(path)} aria-current=${current ? 'page' : nothing} @click=${this.#close}>
            <gw-icon .path=${icon}></gw-icon
            ><span class="grow">${t(label)}</span>${current ? html`<gw-icon .path=${mdiCheck}></gw-icon>` : nothing}
          </a>`;
        })}
      </nav>
    </gw-dialog>`;
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('gw-close'));
  }
}
