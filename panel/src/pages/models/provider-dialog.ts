import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FoundServer } from '../../api/local-servers.ts';
import { readProviders } from '../../api/providers.ts';
import { pageState } from '../../components/page-states.ts';
import { locale } from '../../i18n/locale.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { base, layout } from '../../theme/base.ts';
import '../../components/gw-dialog.ts';
import './provider-picker.ts';

/** First step of adding a model. Fires what the list in it fires: `gw-picked`, `gw-other-address`; and `gw-close`. */
@customElement('gw-provider-dialog')
export class GwProviderDialog extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) found: readonly FoundServer[] = [];
  @property({ attribute: false }) used: ReadonlyMap<string, number> = new Map();
  readonly #providers = new PageData(this, {
    args: () => [] as const,
    load: async (_, signal) => {
      const byName = new Intl.Collator(locale.language, { sensitivity: 'base' });
      return [...(await readProviders(signal)).values()].toSorted((a, b) => byName.compare(a.display_name, b.display_name));
    },
  });

  override render() {
    return html`<gw-dialog open flush heading=${t('models.add.title')} @gw-close=${() => this.dispatchEvent(new CustomEvent('gw-close'))}>
      ${pageState(
        this.#providers,
        (providers) =>
          html`<gw-provider-picker
            autofocus
            .providers=${providers}
            .found=${this.found}
            .used=${this.used}
            @gw-picked=${this.#pass}
            @gw-other-address=${this.#pass}
          ></gw-provider-picker>`,
        { tight: true },
      )}
    </gw-dialog>`;
  }

  readonly #pass = (event: Event) => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    this.dispatchEvent(new CustomEvent(event.type, { detail }));
  };
}
