import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { providerName } from '../../api/provider-names.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import { money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { day, weekday } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import type { Problem } from './problems.ts';

/** One fault often makes more behind it. */
const MOST_FAULTS = 5;

/** What happened, what still works, and the way out as a button. */
@customElement('gw-problem')
export class GwProblem extends LitElement {
  @property({ attribute: false }) problem: Problem | null = null;

  override render() {
    const { problem } = this;
    if (!problem) return nothing;
    switch (problem.is) {
      case 'file':
        return this.#file(problem);
      case 'provider-down':
        return html`<gw-alert kind="error" announce heading=${t('overview.provider_down', { name: providerName(problem.provider) })}>
          ${t('overview.provider_down_text', { count: problem.failed })}
          ${problem.reason ? t('overview.provider_said', { reason: problem.reason }) : nothing}
          <gw-button slot="action" small tone="neutral" href=${href('logs', { provider: problem.provider, status: 'failure' })}
            >${t('overview.show_logs')}</gw-button
          >
          <gw-button slot="action" small tone="neutral" href=${href('models', { provider: problem.provider })}
            >${t('overview.show_models')}</gw-button
          >
        </gw-alert>`;
      case 'budget':
        return html`<gw-alert
          kind=${problem.share >= 1 ? 'error' : 'warning'}
          heading=${t('overview.budget_near', { share: percent(problem.share) })}
        >
          ${this.#budget(problem)}
          <gw-button slot="action" small tone="neutral" href="usage">${t('overview.show_usage')}</gw-button>
          <gw-button slot="action" small tone="neutral" href="settings">${t('overview.change_budget')}</gw-button>
        </gw-alert>`;
    }
  }

  #file({ refused, faults }: Extract<Problem, { is: 'file' }>) {
    const [heading, text] = refused
      ? [t('overview.file_refused'), t('overview.file_refused_text')]
      : [t('overview.file_left_out', { count: faults.length }), t('overview.file_left_out_text')];
    return html`<gw-alert kind="error" announce heading=${heading}>
      ${text}
      <ul>
        ${faults.slice(0, MOST_FAULTS).map(({ file, line, key, message }) => {
          const place = line > 0 ? t('overview.file_place', { file, line }) : file;
          return html`<li>${place}: ${key === '' ? nothing : html`<code>${key}</code> `}${message}</li>`;
        })}
      </ul>
    </gw-alert>`;
  }

  #budget({ share, left, resets, usedUp }: Extract<Problem, { is: 'budget' }>): string {
    if (share >= 1) return t('overview.budget_gone', { day: day(resets) });
    const rest = t('overview.budget_left', { left: money(left), day: day(resets) });
    return usedUp === null ? rest : `${rest} ${t('overview.budget_pace', { day: weekday(usedUp) })}`;
  }
}
