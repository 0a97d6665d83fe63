import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Setting, Settings, Wanted } from '../../api/settings.ts';
import '../../components/gw-card.ts';
import { hasText, t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import './gw-fallbacks.ts';
import './gw-setting.ts';
import { textWanted } from './gw-setting.ts';

const switched = (text: string): Wanted => ({ is: 'value', value: text === 'true' });

/** How a deployment is chosen, and what happens when it fails. */
@customElement('gw-routing-card')
export class GwRoutingCard extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) settings!: Settings;
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;

  override render() {
    return html`<gw-card heading=${t('settings.routing')} flush>
      <div class="list-end">
        ${this.#strategy()}
        <gw-setting
          heading=${t('settings.tries')}
          note=${t('settings.tries_note')}
          ?read-only=${this.readOnly}
          .setting=${this.#router('num_retries')}
        ></gw-setting>
        <gw-setting
          heading=${t('settings.give_up')}
          note=${t('settings.give_up_note')}
          unit="s"
          ?read-only=${this.readOnly}
          .setting=${this.#timeout()}
        ></gw-setting>
        <gw-setting
          heading=${t('settings.failures')}
          note=${t('settings.failures_note')}
          placeholder=${t('settings.by_share')}
          ?read-only=${this.readOnly}
          .setting=${this.#router('allowed_fails')}
        ></gw-setting>
        <gw-setting
          heading=${t('settings.pause')}
          note=${t('settings.pause_note')}
          unit="s"
          ?read-only=${this.readOnly}
          .setting=${this.#router('cooldown_time')}
        ></gw-setting>
        <gw-setting
          kind="switch"
          heading=${t('settings.drop_params')}
          note=${t('settings.drop_params_note')}
          ?read-only=${this.readOnly}
          .setting=${this.settings.get('litellm_settings.drop_params')}
          .options=${[
            { value: 'true', label: t('settings.on') },
            { value: 'false', label: t('settings.off') },
          ]}
          .wanted=${switched}
        ></gw-setting>
        <gw-fallbacks ?read-only=${this.readOnly} .setting=${this.#router('fallbacks')}></gw-fallbacks>
      </div>
    </gw-card>`;
  }

  #strategy() {
    const setting = this.#router('routing_strategy');
    const names = (setting?.options ?? []).map((value) => ({ value, key: `settings.strategy.${value.replaceAll('-', '_')}` }));
    return html`<gw-setting
      kind="choice"
      heading=${t('settings.choose')}
      note=${t('settings.choose_note')}
      ?read-only=${this.readOnly}
      .setting=${setting}
      .options=${names.flatMap(({ value, key }) => (hasText(key) ? [{ value, label: t(key) }] : []))}
      .wanted=${textWanted}
    ></gw-setting>`;
  }

  #router(name: string): Setting | undefined {
    return this.settings.get(`router_settings.${name}`);
  }

  /** The time-out of routing counts before the general one. */
  #timeout(): Setting | undefined {
    const own = this.#router('timeout');
    return own && own.field_value !== null ? own : this.settings.get('litellm_settings.request_timeout');
  }
}
