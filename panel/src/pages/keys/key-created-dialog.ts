import { mdiContentCopy } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { gatewayAddress } from '../../api/address.ts';
import type { NewKey } from '../../api/keys.ts';
import { findModels } from '../../api/model-names.ts';
import { confirm } from '../../components/confirm.ts';
import { copyText } from '../../components/copy.ts';
import { done } from '../../components/open-dialog.ts';
import { count } from '../../format/number.ts';
import { money } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { perPeriod } from './budget-period.ts';
import { keyName } from './key-facts.ts';
import { snippet, SNIPPETS, type SnippetKind } from './key-snippets.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-code.ts';
import '../../components/gw-copy.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-tabs.ts';

const LABELS = { curl: 'curl', python: 'Python', javascript: 'JavaScript', home_assistant: 'Home Assistant' } as const;
type Tab = keyof typeof LABELS;

/** Shows a new key's text, the one time it is seen, and how to use it. Asks before it closes when nothing was copied. */
@customElement('gw-key-created-dialog')
export class GwKeyCreatedDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .line {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        min-block-size: 48px;
        padding-inline: var(--ha-space-4) var(--ha-space-1);
        background: var(--gw-code-background);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
      }
      .line span {
        flex: 1;
        min-inline-size: 0;
        font-family: var(--ha-font-family-code);
        overflow-wrap: anywhere;
      }
      .tab {
        margin-block-start: var(--ha-space-3);
      }
      ol {
        list-style: decimal;
        padding-inline-start: var(--ha-space-5);
        display: grid;
        gap: var(--ha-space-2);
      }
    `,
  ];

  @property({ attribute: false }) made!: NewKey;
  /** A key that was there has a new text. */
  @property({ type: Boolean }) again = false;
  @state() private _tab: Tab = 'curl';
  @state() private _model = '';
  #copied = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#chooseModel();
  }

  override render() {
    return html`<gw-dialog open heading=${t('keys.created.title')} subtitle=${keyName(this.made)} @gw-close=${this.#close}>
      <div class="stack" @gw-copied=${this.#onCopied} @copy=${this.#onCopied}>
        <gw-alert kind="warning" heading=${t('keys.created.warning')}>${t('keys.created.warning_text')}</gw-alert>
        <div class="line">
          <span dir="ltr">${this.made.key}</span>
          <gw-button autofocus look="filled" small .icon=${mdiContentCopy} @click=${this.#copyKey}>${t('keys.created.copy')}</gw-button>
        </div>
        <gw-tabs
          label=${t('keys.created.ready')}
          .value=${this._tab}
          .tabs=${(Object.keys(LABELS) as Tab[]).map((value) => ({ value, label: LABELS[value] }))}
          @value-changed=${(event: CustomEvent<{ value: Tab }>) => (this._tab = event.detail.value)}
        >
          <div class="tab">${this._tab === 'home_assistant' ? this.#steps() : this.#code(this._tab)}</div>
        </gw-tabs>
        <p class="small secondary">${this.#summary()}</p>
      </div>
      <gw-button
        slot="lead"
        href=${href('playground', { ...(this._model ? { model: this._model } : {}), key: this.made.token })}
        @click=${() => this.#done()}
        >${t('keys.created.try')}</gw-button
      >
      <gw-button slot="footer" look="accent" @click=${() => this.#done()}>${t('keys.created.done')}</gw-button>
    </gw-dialog>`;
  }

  #code(kind: SnippetKind) {
    const facts = { address: gatewayAddress(), key: this.made.key, model: this._model || 'MODEL' };
    return html`<gw-code label=${LABELS[SNIPPETS.find((one) => one === kind) ?? 'curl']} .text=${snippet(kind, facts)}></gw-code>`;
  }

  /** The integration is set up by hand, so that steps help more than code. */
  #steps() {
    return html`<ol>
      <li>${t('keys.created.step_open')}</li>
      <li>${t('keys.created.step_add')}</li>
      <li>
        ${t('keys.created.step_address')}<gw-copy-line text=${gatewayAddress()} label=${t('keys.created.copy_address')}></gw-copy-line>
      </li>
      <li>${t('keys.created.step_key')}</li>
    </ol>`;
  }

  #summary(): string {
    const { models, max_budget: budget, budget_duration: period, rpm_limit: calls } = this.made;
    const parts = [
      models.length === 0
        ? t('keys.summary.all')
        : t('keys.summary.models', { models: new Intl.ListFormat(document.documentElement.lang || 'en').format(models) }),
      ...(budget === null ? [] : [t('keys.summary.budget', { budget: money(budget), per: perPeriod(period) })]),
      ...(calls === null ? [] : [t('keys.summary.calls', { count: count(calls) })]),
    ];
    return t('keys.summary.sentence', { parts: parts.join(', ') });
  }

  /** A model that the key may use: the first of its list, or the first there is. */
  async #chooseModel(): Promise<void> {
    const named = this.made.models.find((name) => !name.includes('*') && !name.startsWith('all-') && !name.startsWith('no-'));
    const [first] = named === undefined ? await findModels('', AbortSignal.timeout(10_000)).catch(() => []) : [];
    this._model = named ?? first?.value ?? '';
  }

  readonly #onCopied = () => {
    this.#copied = true;
  };

  readonly #copyKey = async () => {
    if (await copyText(this.made.key)) this.#copied = true;
  };

  /** × may be a slip: what is closed here is never seen again. */
  readonly #close = async () => {
    if (this.#copied) {
      this.#done();
      return;
    }
    const agreed = await confirm({
      title: t('keys.created.leave.title'),
      text: t('keys.created.leave.text'),
      yes: t('keys.created.leave.yes'),
      danger: true,
    });
    if (agreed) this.#done();
  };

  #done(): void {
    done(this);
  }
}
