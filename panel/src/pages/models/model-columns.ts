import { html, nothing, type TemplateResult } from 'lit';
import type { Model } from '../../api/models.ts';
import type { DeploymentState } from '../../api/providers.ts';
import type { Column, NarrowRow } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { money } from '../../format/money.ts';
import { compact, count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { abilitiesOf } from './abilities.ts';
import type { MonthOfUse } from './model-use.ts';
import { originOf, type ProviderNames } from './model-names.ts';
import { inputPrice, outputPrice } from './prices.ts';
import '../../components/gw-badge.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import './model-state.ts';

function nameWithMarks({ model_name: name, model_info: info, place }: Model): TemplateResult {
  const { position, of } = place;
  return html`${name}
  ${of > 1 ? html`<gw-badge class="wide-only" tone="tag" title=${t('models.place_title', { of })}>${t('models.place', { position, of })}</gw-badge>` : nothing}
  ${info.db_model ? nothing : html`<gw-badge class="wide-only" tone="tag" title=${t('models.in_file')}>${t('models.file')}</gw-badge>`}`;
}

const tile = ({ model_info: info }: Model, nameOf: ProviderNames) =>
  html`<gw-provider provider=${info.litellm_provider} name=${nameOf(info.litellm_provider)}></gw-provider>`;

/** Icons, each with its label. */
export function abilityIcons(model: Model): TemplateResult {
  return html`<span class="row"
    >${abilitiesOf(model.model_info).map(({ icon, label }) => html`<gw-icon size="s" class="secondary" .path=${icon} label=${t(label)}></gw-icon>`)}</span
  >`;
}

/** State of a deployment; null when it is not known or not for the reader. */
export type StateOf = (model: Model) => DeploymentState | null;

function stateCell(state: DeploymentState | null, compact = false): TemplateResult | typeof nothing {
  return state === null ? nothing : html`<gw-model-state .state=${state} ?compact=${compact}></gw-model-state>`;
}

/** What rows are shown with, beside the models themselves. */
export interface ModelFacts {
  readonly nameOf: ProviderNames;
  /** Null for readers who are not told. */
  readonly stateOf: StateOf | null;
  /** Null until it is known. */
  readonly use: MonthOfUse | null;
}

/** Columns of what the models did this month. */
function useColumns(use: MonthOfUse | null): Column<Model>[] {
  if (use === null) return [];
  return [
    {
      id: 'requests',
      title: t('models.columns.requests'),
      numeric: true,
      from: 1201,
      cell: (model) => count(use.of(model)?.requests ?? 0),
    },
    {
      id: 'spend',
      title: t('models.columns.spend', { month: use.name }),
      numeric: true,
      cell: (model) => money(use.of(model)?.spend ?? 0),
    },
  ];
}

/** Ids of sortable columns are what the server sorts by. */
export function modelColumns({ nameOf, stateOf, use }: ModelFacts): readonly Column<Model>[] {
  const state: Column<Model>[] =
    stateOf === null ? [] : [{ id: 'state', title: t('models.columns.state'), keep: true, cell: (model) => stateCell(stateOf(model)) }];
  return [
    {
      id: 'model_name',
      title: t('models.columns.name'),
      main: true,
      sortable: true,
      cell: (model) => mainCell(nameWithMarks(model), originOf(model, nameOf), tile(model, nameOf)),
    },
    { id: 'abilities', title: t('models.columns.abilities'), cell: abilityIcons },
    {
      id: 'context',
      title: t('models.columns.context'),
      numeric: true,
      sortable: true,
      from: 1001,
      cell: ({ model_info: info }) => (info.max_input_tokens === null ? nothing : compact(info.max_input_tokens)),
    },
    {
      id: 'costs',
      title: t('models.columns.input'),
      numeric: true,
      sortable: true,
      cell: ({ model_info: info }) => inputPrice(info),
    },
    {
      id: 'output_costs',
      title: t('models.columns.output'),
      numeric: true,
      sortable: true,
      cell: ({ model_info: info }) => outputPrice(info),
    },
    ...useColumns(use),
    ...state,
  ];
}

/** Two lines when narrow. */
export function narrowModel({ nameOf, stateOf, use }: ModelFacts): (model: Model) => NarrowRow {
  return (model) => ({
    lead: tile(model, nameOf),
    title: model.model_name,
    note: originOf(model, nameOf),
    value: use === null ? undefined : money(use.of(model)?.spend ?? 0),
    ...(stateOf === null ? {} : { state: stateCell(stateOf(model), true) }),
  });
}
