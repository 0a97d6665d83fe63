import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { About } from '../../../../src/contract/panel/about.ts';
import { apiUrl } from '../../api/client.ts';
import type { Session } from '../../api/session.ts';
import { readAbout } from '../../api/settings.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-facts.ts';
import type { Fact } from '../../components/gw-facts.ts';
import { openDialog } from '../../components/open-dialog.ts';
import { pageState } from '../../components/page-states.ts';
import { bytes, count } from '../../format/number.ts';
import { day, duration } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { seesAll } from '../../session/session-context.ts';
import { base, layout } from '../../theme/base.ts';

const DAY_S = 86_400;

/** What runs here. People who see only their own are told the version. */
@customElement('gw-about-card')
export class GwAboutCard extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) session!: Session;
  readonly #about = new PageData(this, {
    args: () => [seesAll(this.session)] as const,
    load: async ([all], signal) => (all ? readAbout(signal) : null),
  });

  override render() {
    const licences = this.#about.value?.licences ?? [];
    return html`<gw-card heading=${t('settings.about')}>
      ${pageState(
        this.#about,
        (about) => html`<gw-facts .facts=${about ? factsOf(about) : [versionOf(this.session.version)]}></gw-facts>`,
        { tight: true },
      )}
      <div slot="actions">
        ${licences.length > 0 ? html`<gw-button @click=${() => this.#showLicences(licences)}>${t('settings.licences')}</gw-button>` : nothing}
        <gw-button external href=${apiUrl('docs').href}>${t('settings.api_reference')}</gw-button>
      </div>
    </gw-card>`;
  }

  async #showLicences(licences: About['licences']): Promise<void> {
    await import('./licences-dialog.ts');
    await openDialog(Object.assign(document.createElement('gw-licences-dialog'), { licences }));
  }
}

const versionOf = (version: string): Fact => ({ label: t('app.name'), value: version });

function factsOf({ version, uptime_seconds: uptime, memory_bytes: memory, database, calls, journal, prices }: About): Fact[] {
  return [
    versionOf(version),
    { label: t('settings.running_for'), value: uptimeText(uptime) },
    { label: t('settings.database'), value: databaseText(database) },
    ...(calls.since === null ? [] : [{ label: t('settings.calls_kept'), value: callsText(calls.kept, calls.since) }]),
    ...(journal.waiting > 0 ? [{ label: t('settings.waiting'), value: count(journal.waiting) }] : []),
    { label: t('settings.price_list'), value: priceText(prices) },
    { label: t('settings.memory'), value: bytes(memory) },
  ].map(({ label, value }) => ({ label, value: html`<bdi>${value}</bdi>` }));
}

function databaseText({ kind, state, version, size_bytes: size }: About['database']): string {
  if (state !== 'connected') return t(state === 'starting' ? 'settings.database_starting' : 'settings.database_away');
  const where = t(kind === 'built_in' ? 'settings.built_in' : 'settings.external');
  return [version === null ? 'PostgreSQL' : `PostgreSQL ${version}`, where, ...(size === null ? [] : [bytes(size)])].join(', ');
}

function callsText(kept: number | null, since: string): string {
  return kept === null || kept === 0
    ? t('settings.since', { day: day(since) })
    : t('settings.about_since', { calls: count(kept), day: day(since) });
}

function priceText({ source, version, date, models }: About['prices']): string {
  return [
    `${source}${version === null ? '' : ` ${version}`}`,
    ...(date === null ? [] : [day(date)]),
    t('settings.models', { models: count(models) }),
  ].join(', ');
}

const uptimeText = (seconds: number): string =>
  seconds < DAY_S
    ? duration(Math.max(1, seconds) * 1000)
    : t('settings.days_hours', { days: Math.floor(seconds / DAY_S), hours: Math.floor((seconds % DAY_S) / 3600) });
