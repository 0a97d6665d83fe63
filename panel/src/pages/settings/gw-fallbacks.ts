import { mdiArrowRight, mdiDelete, mdiPencil, mdiPlus } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { UNSET, type Setting } from '../../api/settings.ts';
import '../../components/gw-button.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-menu.ts';
import { openDialog } from '../../components/open-dialog.ts';
import { toast } from '../../components/gw-toasts.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { modelOf, rulesOf, withRule, writtenRules, type FallbackRule } from './fallback-rules.ts';
import { saveSetting } from './save-setting.ts';
import { isElsewhere, placeOf } from './setting-source.ts';

/** Who answers when a model does not: one line a rule. */
@customElement('gw-fallbacks')
export class GwFallbacks extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .rule {
        flex: 1;
        flex-wrap: wrap;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .heading {
        min-block-size: 48px;
      }
      .heading gw-button {
        margin-inline-end: -8px;
      }
      gw-menu {
        margin-inline-end: -8px;
      }
    `,
  ];

  @property({ attribute: false }) setting: Setting | undefined;
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;

  override render() {
    const { setting } = this;
    if (!setting) return nothing;
    const rules = rulesOf(setting);
    const fixed = this.readOnly || isElsewhere(setting);
    const place = placeOf(setting);
    return html`<hr />
      <div class="list-row heading">
        <h3 class="grow secondary medium small">${t('settings.fallbacks')}</h3>
        ${fixed ? nothing : html`<gw-button small .icon=${mdiPlus} @click=${() => this.#edit(null)}>${t('settings.add_fallback')}</gw-button>`}
      </div>
      ${rules.map((rule) => this.#rule(rule, fixed))}
      ${rules.length === 0 ? html`<div class="list-row secondary">${t('settings.no_fallbacks')}</div>` : nothing}
      ${place ? html`<div class="list-row row-note">${place}</div>` : nothing}`;
  }

  #rule(rule: FallbackRule, fixed: boolean) {
    const name = nameOf(rule.from);
    return html`<div class="list-row">
      <span class="row rule"
        ><span>${name}</span>${rule.to.map(
          (target) =>
            html`<gw-icon size="s" class="secondary" mirrored .path=${mdiArrowRight} label=${t('settings.then')}></gw-icon
              ><span>${modelOf(target)}</span>`,
        )}</span
      >
      ${
        fixed
          ? nothing
          : html`<gw-menu
              size="small"
              label=${t('settings.fallback_actions', { name })}
              .items=${[
                { label: t('settings.edit'), icon: mdiPencil, action: () => this.#edit(rule) },
                { label: t('settings.remove'), icon: mdiDelete, danger: true, action: () => this.#remove(rule) },
              ]}
            ></gw-menu>`
      }
    </div>`;
  }

  async #edit(rule: FallbackRule | null): Promise<void> {
    const { setting } = this;
    if (!setting) return;
    await import('./fallback-dialog.ts');
    const taken = rulesOf(setting).flatMap(({ from }) => (from === rule?.from ? [] : [from]));
    const save = (wanted: FallbackRule) => this.#save(withRule(rulesOf(this.setting), wanted, rule?.from ?? null));
    await openDialog(Object.assign(document.createElement('gw-fallback-dialog'), { rule, taken, save }));
  }

  async #remove(rule: FallbackRule): Promise<void> {
    try {
      await this.#save(rulesOf(this.setting).filter(({ from }) => from !== rule.from));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message);
    }
  }

  async #save(rules: readonly FallbackRule[]): Promise<void> {
    const { setting } = this;
    if (!setting) return;
    await saveSetting(setting, rules.length === 0 ? UNSET : { is: 'value', value: writtenRules(rules) }, t('settings.fallbacks'));
  }
}

/** `*` in words. */
export const nameOf = (from: string): string => (from === '*' ? t('settings.any_other_model') : from);
