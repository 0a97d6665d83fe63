import {
  mdiAccessPoint,
  mdiAlert,
  mdiCallSplit,
  mdiCancel,
  mdiClockOutline,
  mdiFilterVariant,
  mdiKeyChange,
  mdiKeyVariant,
  mdiMenuDown,
  mdiPencil,
  mdiPlus,
} from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '../../../panel/src/components/gw-alert.ts';
import '../../../panel/src/components/gw-badge.ts';
import '../../../panel/src/components/gw-bar.ts';
import '../../../panel/src/components/gw-bars.ts';
import '../../../panel/src/components/gw-button.ts';
import '../../../panel/src/components/gw-card.ts';
import '../../../panel/src/components/gw-chip.ts';
import '../../../panel/src/components/gw-chips-field.ts';
import '../../../panel/src/components/gw-combobox.ts';
import '../../../panel/src/components/gw-code.ts';
import '../../../panel/src/components/gw-copy.ts';
import '../../../panel/src/components/gw-dialog.ts';
import '../../../panel/src/components/gw-duration-field.ts';
import '../../../panel/src/components/gw-empty.ts';
import '../../../panel/src/components/gw-expander.ts';
import '../../../panel/src/components/gw-facts.ts';
import '../../../panel/src/components/gw-icon-button.ts';
import '../../../panel/src/components/gw-menu.ts';
import '../../../panel/src/components/gw-number-field.ts';
import '../../../panel/src/components/gw-provider.ts';
import '../../../panel/src/components/gw-ring.ts';
import '../../../panel/src/components/gw-search.ts';
import '../../../panel/src/components/gw-secret-field.ts';
import '../../../panel/src/components/gw-segments.ts';
import '../../../panel/src/components/gw-select.ts';
import '../../../panel/src/components/gw-state.ts';
import '../../../panel/src/components/gw-switch.ts';
import '../../../panel/src/components/gw-table.ts';
import '../../../panel/src/components/gw-tabs.ts';
import '../../../panel/src/components/gw-text-field.ts';
import '../../../panel/src/components/gw-tile.ts';
import { toast } from '../../../panel/src/components/gw-toasts.ts';
import { confirm } from '../../../panel/src/components/confirm.ts';
import { mainCell } from '../../../panel/src/components/main-cell.ts';
import type { Bar } from '../../../panel/src/components/gw-bars.ts';
import type { Column, Sort } from '../../../panel/src/components/gw-table.ts';
import { money, moneyTick } from '../../../panel/src/format/money.ts';
import { haBridge } from '../../../panel/src/ha-bridge.ts';
import { useLanguage } from '../../../panel/src/i18n/texts.ts';
import { base, layout } from '../../../panel/src/theme/base.ts';
import { useOwnIcons } from '../../../panel/src/theme/icon-libraries.ts';

useOwnIcons();
await haBridge.start();
await useLanguage('en');

interface Row {
  readonly name: string;
  readonly note: string;
  readonly provider: string;
  readonly spend: number;
  readonly healthy: boolean;
}

const ROWS: readonly Row[] = [
  { name: 'claude-sonnet', note: 'Anthropic · claude-sonnet-4-5', provider: 'anthropic', spend: 8.42, healthy: false },
  { name: 'assist', note: 'OpenAI · gpt-5-mini', provider: 'openai', spend: 4.74, healthy: true },
];

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Name',
    main: true,
    sortable: true,
    cell: ({ name, note, provider }) => mainCell(name, note, html`<gw-provider provider=${provider}></gw-provider>`),
  },
  { id: 'spend', title: 'Spend', numeric: true, sortable: true, cell: ({ spend }) => money(spend) },
  { id: 'state', title: 'State', keep: true, cell: ({ healthy }) => stateOf(healthy) },
];

const stateOf = (healthy: boolean) =>
  html`<gw-state kind=${healthy ? 'good' : 'warn'} label=${healthy ? 'Healthy' : 'Paused, 40 s'}></gw-state>`;

const BARS: readonly Bar[] = Array.from({ length: 10 }, (_, index) => ({
  id: `2026-11-${10 + index}`,
  label: index === 0 ? 'Nov 10' : String(10 + index),
  name: `Nov ${10 + index}`,
  values: { anthropic: 0.4 + (index % 3) * 0.12, openai: 0.3, gemini: 0.06, bedrock: 0.03, groq: 0.02 },
}));

const SERIES = ['anthropic', 'openai', 'gemini', 'bedrock', 'groq'].map((id) => ({ id, name: id, total: '$1.00' }));

/** Every component once, for pictures and axe; not part of the panel. */
@customElement('gw-gallery')
export class GwGallery extends LitElement {
  static override styles = [base, layout, css``];

  @state() private _dialog = false;
  @state() private _sort: Sort = { by: 'spend', order: 'desc' };
  @state() private _answer = '';

  override render() {
    return html`<main class="content wide">
        <h1 class="visually-hidden">Components</h1>
        <div class="page-grid even">
          <div class="stack">${this.#buttons()}${this.#marks()}${this.#alerts()}${this.#fields()}</div>
          <div class="stack">${this.#progress()}${this.#chart()}${this.#table()}${this.#code()}${this.#more()}</div>
        </div>
      </main>
      <gw-toasts></gw-toasts>
      <gw-dialog heading="Create key" ?open=${this._dialog} @gw-close=${() => (this._dialog = false)}>
        <div class="field-grid">
          <gw-text-field label="Name" value="garden-bot" helper="Shown in lists, sensors, and logs"></gw-text-field>
          <gw-number-field label="Budget" value="5.00" unit="USD" helper="Paid calls stop when it is used up"></gw-number-field>
        </div>
        <gw-expander heading="More settings" note="Expiry, tags">Folded</gw-expander>
        <gw-button slot="footer" @click=${() => (this._dialog = false)}>Cancel</gw-button>
        <gw-button slot="footer" look="accent" @click=${() => (this._dialog = false)}>Create key</gw-button>
      </gw-dialog>`;
  }

  #buttons() {
    return html`<gw-card heading="Button">
      <div class="stack">
        <div class="row wrap">
          <gw-button look="accent" id="open-dialog" @click=${() => (this._dialog = true)}>Accent</gw-button>
          <gw-button look="filled">Filled</gw-button>
          <gw-button look="outlined">Outlined</gw-button>
          <gw-button>Plain</gw-button>
          <gw-button disabled>Disabled</gw-button>
        </div>
        <div class="row wrap">
          <gw-button look="accent" tone="danger" id="ask" @click=${this.#ask}>Delete key</gw-button>
          <gw-button look="filled" tone="danger" icon=${mdiCancel}>Block</gw-button>
          <gw-button look="filled" tone="neutral" icon=${mdiKeyChange}>Regenerate</gw-button>
          <gw-button look="accent" loading>Testing</gw-button>
        </div>
        <div class="row wrap">
          <gw-button small look="filled">Small</gw-button>
          <gw-button small>Small plain</gw-button>
          <gw-icon-button path=${mdiPencil} label="Edit"></gw-icon-button>
          <gw-menu
            id="menu"
            size="small"
            label="More actions"
            .words=${['admin']}
            .items=${[
              { label: 'Edit', icon: mdiPencil, action: () => (this._answer = 'edit') },
              { label: 'Delete', icon: mdiCancel, danger: true, ruled: true, action: () => (this._answer = 'delete') },
            ]}
          ></gw-menu>
          <span id="answer">${this._answer}</span>
        </div>
      </div>
    </gw-card>`;
  }

  #marks() {
    return html`<gw-card heading="Chip, badge, state">
      <div class="stack">
        <div class="row wrap">
          <gw-chip icon=${mdiFilterVariant}>Filters</gw-chip>
          <gw-menu text="Group by" .trail=${mdiMenuDown} .items=${[{ label: 'Provider' }]}></gw-menu>
          <gw-chip removable>Model: assist</gw-chip>
          <gw-chip toggle active icon=${mdiAccessPoint}>Live</gw-chip>
        </div>
        <div class="row wrap">
          <gw-badge tone="good">Sooner</gw-badge>
          <gw-badge tone="warn" icon=${mdiAlert}>Near limit</gw-badge>
          <gw-badge tone="bad">529 Overloaded</gw-badge>
          <gw-badge tone="brand" icon=${mdiCallSplit}>Second choice</gw-badge>
          <gw-badge icon=${mdiClockOutline}>Estimated</gw-badge>
          <gw-badge tone="tag">work</gw-badge>
        </div>
        <div class="row wrap">
          <gw-state kind="good" label="Healthy"></gw-state>
          <gw-state kind="warn" label="Slow"></gw-state>
          <gw-state kind="bad" label="Down"></gw-state>
          <gw-state kind="blocked" label="Blocked"></gw-state>
          <gw-state kind="off" label="Expired"></gw-state>
          <gw-state kind="waiting" label="Waiting"></gw-state>
        </div>
        <div class="row wrap">
          <gw-provider size="l" provider="anthropic" name="Anthropic"></gw-provider>
          <gw-provider provider="openai" name="OpenAI"></gw-provider>
          <gw-provider size="s" provider="gemini" name="Google Gemini"></gw-provider>
          <gw-provider provider="ollama" name="Ollama"></gw-provider>
        </div>
      </div>
    </gw-card>`;
  }

  #alerts() {
    return html`<gw-card heading="Alert">
      <div class="stack">
        <gw-alert kind="error" heading="OpenAI is not answering" announce
          >12 calls failed since 2:06 PM with error 503.<gw-button slot="action" small tone="neutral">Test again</gw-button></gw-alert
        >
        <gw-alert kind="warning" heading="80% of the budget is used">$8.00 is left until Dec 1.</gw-alert>
        <gw-alert kind="info">Prompts of this key are stored for 7 days.</gw-alert>
        <gw-alert kind="success">The provider answered in 0.61 s.</gw-alert>
      </div>
    </gw-card>`;
  }

  #fields() {
    return html`<gw-card heading="Form field">
      <div class="field-grid">
        <gw-text-field label="Name" value="garden-bot" helper="Shown in lists, sensors, and logs"></gw-text-field>
        <gw-text-field label="Notes" value="Two lines" lines="2" helper="As many as you like"></gw-text-field>
        <gw-number-field label="Budget" value="-5" unit="USD" error="Enter 0 or more"></gw-number-field>
        <gw-select
          label="Starts again"
          value="1mo"
          helper="Next on Dec 1"
          .options=${[
            { value: '1d', label: 'Every day' },
            { value: '1mo', label: 'Every month' },
          ]}
        ></gw-select>
        <gw-secret-field label="API key" value="sk-test" helper="Write only"></gw-secret-field>
        <gw-duration-field label="Expires after" value="30d" helper="Empty for never"></gw-duration-field>
        <gw-text-field label="Locked" value="From the file" disabled></gw-text-field>
        <gw-combobox
          label="Model at the provider"
          value="gpt-5-mini"
          helper="Any name is possible"
          .suggestions=${[{ value: 'gpt-5-mini', note: '$0.25' }, { value: 'gpt-5' }]}
        ></gw-combobox>
        <gw-chips-field
          class="full"
          label="Models this key may use"
          add="Add model"
          none="All models"
          .value=${['assist']}
          .suggestions=${[{ value: 'assist' }, { value: 'local-chat' }, { value: 'vision' }]}
        ></gw-chips-field>
        <gw-search label="Search 9 keys"></gw-search>
      </div>
      <div class="row wrap">
        <gw-switch label="Store prompts" checked></gw-switch>
        <gw-switch label="Store answers"></gw-switch>
        <gw-segments
          label="Measure"
          value="spend"
          .segments=${[
            { value: 'spend', label: 'Spend' },
            { value: 'tokens', label: 'Tokens' },
          ]}
        ></gw-segments>
      </div>
    </gw-card>`;
  }

  #progress() {
    return html`<gw-card heading="Progress">
      <div class="stack">
        <gw-bar size="large" share="0.6" ahead="0.73" label="Budget used"></gw-bar>
        <gw-bar share="0.9" label="Budget used"></gw-bar>
        <gw-bar size="thin" share="0.97" label="Budget used"></gw-bar>
        <div class="row"><gw-ring></gw-ring><gw-ring size="l"></gw-ring></div>
        <div class="tiles">
          <gw-tile label="Spend today" value="$0.80" note="Average is $0.95 a day" href="#"></gw-tile
          ><gw-tile label="First token" value="0.64" unit="s" note="95% within 2.1 s"></gw-tile>
        </div>
      </div>
    </gw-card>`;
  }

  #chart() {
    return html`<gw-card heading="Chart frame">
      <gw-bars
        label="Spend by day"
        height="150"
        .series=${SERIES}
        .bars=${BARS}
        .format=${money}
        .tick=${moneyTick}
        pace="1.1"
        .pace=${1.1}
      ></gw-bars>
    </gw-card>`;
  }

  #table() {
    const rows = [...ROWS].sort((a, b) => (this._sort.order === 'desc' ? b.spend - a.spend : a.spend - b.spend));
    return html`<gw-card heading="Table and rows" flush>
      <gw-table
        in-card
        label="Models"
        .columns=${COLUMNS}
        .rows=${rows}
        .rowKey=${({ name }: Row) => name}
        .rowName=${({ name }: Row) => name}
        .rowHref=${({ name }: Row) => `#${name}`}
        .rowMenu=${() => [{ label: 'Edit' }]}
        .rowSelected=${({ name }: Row) => name === 'claude-sonnet'}
        .narrowRow=${({ name, note, provider, spend, healthy }: Row) => ({
          lead: html`<gw-provider provider=${provider}></gw-provider>`,
          title: name,
          note,
          value: money(spend),
          state: html`<gw-state compact kind=${healthy ? 'good' : 'warn'} label=${healthy ? 'Healthy' : 'Paused'}></gw-state>`,
        })}
        .sort=${this._sort}
        .totals=${{ name: '2 models', spend: '$13.16' }}
        @gw-sort=${({ detail }: CustomEvent<Sort>) => (this._sort = detail)}
      ></gw-table>
      <div class="settings-row">
        <div class="grow">
          <div class="row-title">Store prompts</div>
          <div class="row-note">Prompts and answers stay readable in Logs for 7 days.</div>
        </div>
        <gw-switch label="Store prompts"></gw-switch>
      </div>
    </gw-card>`;
  }

  #code() {
    return html`<gw-card heading="Code and copy">
      <div class="stack">
        <gw-copy-line text="http://homeassistant.local:4000/v1" label="Copy address"></gw-copy-line>
        <gw-tabs
          label="Language"
          value="python"
          .tabs=${[
            { value: 'python', label: 'Python' },
            { value: 'curl', label: 'curl' },
          ]}
          ><gw-code
            text=${'from openai import OpenAI\nclient = OpenAI(base_url="http://homeassistant.local:4000/v1", api_key="sk-…")'}
          ></gw-code
        ></gw-tabs>
        <gw-facts
          .facts=${[
            { label: 'Provider', value: 'OpenAI' },
            { label: 'Tokens', value: '3,412 in' },
          ]}
        ></gw-facts>
      </div>
    </gw-card>`;
  }

  #more() {
    return html`<gw-card heading="Empty state and toast">
      <gw-empty tight icon=${mdiKeyVariant} heading="No keys yet"
        >Create a key for each app that uses your models.<gw-button
          slot="action"
          look="filled"
          id="toast"
          icon=${mdiPlus}
          @click=${() => toast('guest is blocked', { action: { label: 'Undo', run: () => (this._answer = 'undone') } })}
          >Create key</gw-button
        ></gw-empty
      >
    </gw-card>`;
  }

  async #ask(): Promise<void> {
    const agreed = await confirm({
      title: 'Delete garden-bot?',
      text: 'Apps that use it are refused at once.',
      yes: 'Delete key',
      danger: true,
    });
    this._answer = agreed ? 'deleted' : 'kept';
  }
}
