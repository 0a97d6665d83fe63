import { mdiCheckCircle, mdiClose } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-icon.ts';
import { rich, t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';

/** What is done of the four tasks. */
export interface Setup {
  readonly model: boolean;
  readonly key: boolean;
  readonly budget: boolean;
  readonly call: boolean;
}

const TASKS = [
  { id: 'model', title: 'setup.model', text: 'setup.model_text', button: 'setup.model_button', href: 'models?add=1' },
  { id: 'key', title: 'setup.key', text: 'setup.key_text', button: 'setup.key_button', href: 'keys?create=1' },
  { id: 'budget', title: 'setup.budget', text: 'setup.budget_text', button: 'setup.budget_button', href: 'settings' },
  { id: 'call', title: 'setup.call', text: 'setup.call_text', button: 'setup.call_button', href: 'playground' },
] as const;

/** Four tasks in order. A finished one gets a check and stays until all are done; then the card is gone. */
@customElement('gw-setup-card')
export class GwSetupCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .intro {
        padding: var(--ha-space-2) var(--ha-space-4);
      }
      .list-row {
        padding-block: var(--ha-space-3);
      }
      .number-mark {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        flex: none;
        inline-size: 24px;
        block-size: 24px;
        border-radius: 50%;
        border: 1.5px solid var(--ha-color-border-neutral-normal);
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        color: var(--secondary-text-color);
      }
      .text {
        color: var(--secondary-text-color);
      }
      .end {
        display: flex;
        align-items: center;
        gap: var(--ha-space-1);
      }
      @media (max-width: 870px) {
        .list-row {
          flex-wrap: wrap;
        }
        .list-row .grow {
          flex-basis: calc(100% - 40px);
        }
        .list-row gw-button {
          margin-inline-start: 40px;
        }
      }
    `,
  ];

  @property({ attribute: false }) setup: Setup = { model: false, key: false, budget: false, call: false };
  /** Numbers are there too: the card can be put away. */
  @property({ type: Boolean }) closable = false;

  override render() {
    const next = TASKS.find(({ id }) => !this.setup[id])?.id;
    const done = TASKS.filter(({ id }) => this.setup[id]).length;
    return html`<gw-card heading=${t('setup.title')} large flush>
      <span slot="action" class="end">
        <span class="secondary number">${t('setup.done', { done, all: TASKS.length })}</span>
        ${this.closable ? html`<gw-icon-button size="small" path=${mdiClose} label=${t('setup.hide')} @click=${this.#hide}></gw-icon-button>` : nothing}
      </span>
      <p class="secondary intro">${rich('setup.intro', { demo: html`<span class="mono">demo</span>` })}</p>
      <ol class="ruled-list">
        ${TASKS.map(
          ({ id, title, text, button, href }, index) =>
            html`<li class="list-row two">
              ${this.setup[id] ? html`<gw-icon class="good" path=${mdiCheckCircle} label=${t('setup.finished')}></gw-icon>` : html`<span class="number-mark" aria-hidden="true">${index + 1}</span>`}
              <div class="grow">
                <div class="row-title medium">${t(title)}</div>
                <div class="text">${t(text)}</div>
              </div>
              ${this.setup[id] ? nothing : html`<gw-button look=${id === next ? 'accent' : 'filled'} href=${href}>${t(button)}</gw-button>`}
            </li>`,
        )}
      </ol>
    </gw-card>`;
  }

  #hide(): void {
    this.dispatchEvent(new CustomEvent('gw-hide'));
  }
}
