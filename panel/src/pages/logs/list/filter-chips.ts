import { html, nothing } from 'lit';
import type { KeyName } from '../../../api/names.ts';
import '../../../components/gw-button.ts';
import '../../../components/gw-chip.ts';
import { t } from '../../../i18n/texts.ts';
import { filtersIn, type Fields, type FilterName } from './call-fields.ts';

interface Chips {
  readonly fields: Fields;
  readonly keys: readonly KeyName[];
  readonly providers: ReadonlyMap<string, string>;
  readonly remove: (names: readonly FilterName[]) => void;
}

/** The value of a filter as people know it. */
function shown(name: FilterName, { fields, keys, providers }: Chips): string {
  const value = fields[name];
  if (name === 'status') return t(fields.status === 'failure' ? 'logs.failed' : 'logs.ok');
  if (name === 'key') return keys.find(({ token }) => token === value)?.name ?? value.slice(0, 8);
  if (name === 'provider') return providers.get(value) ?? value;
  return name === 'min' || name === 'max' ? `$${value}` : value;
}

/** Filters in force, each with a way to take it away. The search has its own field. */
export function filterChips(chips: Chips) {
  const names = filtersIn(chips.fields).filter((name) => name !== 'search');
  if (names.length === 0) return nothing;
  return html`<div class="chips" slot="filters">
    ${names.map(
      (name) =>
        html`<gw-chip removable @gw-remove=${() => chips.remove([name])}
          >${t(`logs.filters.${name}`)}: <bdi>${shown(name, chips)}</bdi></gw-chip
        >`,
    )}
    ${names.length > 1 ? html`<gw-button small @click=${() => chips.remove(names)}>${t('table.clear_filters')}</gw-button>` : nothing}
  </div>`;
}
