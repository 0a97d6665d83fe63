import { css } from 'lit';

export const tableStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .toolbar {
    display: flex;
    align-items: center;
    gap: var(--ha-space-3);
    min-block-size: 56px;
    padding: var(--ha-space-2) var(--ha-space-4);
    border-block-end: 1px solid var(--divider-color);
  }
  .chips {
    display: flex;
    align-items: center;
    gap: var(--ha-space-2);
    padding: var(--ha-space-2) var(--ha-space-4);
    border-block-end: 1px solid var(--divider-color);
    flex-wrap: wrap;
  }
  .wrap {
    background: var(--card-background-color);
    overflow-x: auto;
    border-block-end: 1px solid var(--divider-color);
  }
  :host([in-card]) .wrap {
    background: none;
    border: 0;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  th {
    block-size: 56px;
    padding-inline: var(--ha-space-4);
    font-size: var(--ha-font-size-s);
    font-weight: var(--ha-font-weight-medium);
    line-height: 16px;
    color: var(--secondary-text-color);
    text-align: start;
    white-space: nowrap;
    border-block-end: 1px solid var(--divider-color);
  }
  td {
    block-size: 52px;
    padding: 4px var(--ha-space-4);
    white-space: nowrap;
  }
  :host([in-card]) th {
    block-size: 48px;
  }
  :host([in-card]) td {
    block-size: 44px;
  }
  tbody tr + tr > * {
    border-block-start: 1px solid var(--divider-color);
  }
  tbody tr:hover {
    background: var(--gw-row-hover);
  }
  tbody tr.linked {
    cursor: pointer;
  }
  .n {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .main {
    inline-size: 99%;
    max-inline-size: 0;
    min-inline-size: 160px;
  }
  .main a {
    display: block;
    color: inherit;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .main a:hover {
    text-decoration: none;
  }
  .main a:focus-visible {
    outline-offset: 4px;
    border-radius: 2px;
    overflow: visible;
  }
  .menu {
    inline-size: 56px;
    padding-inline: 0 var(--ha-space-2);
    text-align: end;
  }
  tfoot td {
    block-size: 48px;
    border-block-start: 1px solid var(--divider-color);
    font-weight: var(--ha-font-weight-medium);
  }
  tr[aria-selected='true'] {
    background: var(--ha-color-fill-primary-quiet-resting);
  }
  @media (prefers-reduced-motion: no-preference) {
    tr.fresh {
      animation: fresh 2s ease-out;
    }
    @keyframes fresh {
      from {
        background: var(--ha-color-fill-primary-quiet-resting);
      }
    }
  }
  tr.off td:not(.menu):not(.keep) {
    color: var(--secondary-text-color);
  }
  .sort {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    block-size: 32px;
  }
  .sort:hover,
  [aria-sort] .sort {
    color: var(--primary-text-color);
  }
  .cell {
    display: flex;
    align-items: center;
    gap: var(--ha-space-3);
    min-inline-size: 0;
  }
  .cell > .words {
    min-inline-size: 0;
    flex: 1;
  }
  .words > * {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pages {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: var(--ha-space-2);
    padding: var(--ha-space-2) var(--ha-space-4);
  }
  .middle {
    display: flex;
    justify-content: center;
    padding: 96px var(--ha-space-6);
    animation: late 300ms step-end;
  }
  @keyframes late {
    from {
      visibility: hidden;
    }
  }
  @media (max-width: 1200px) {
    th,
    td {
      padding-inline: var(--ha-space-3);
    }
    th:first-child,
    td:first-child {
      padding-inline-start: var(--ha-space-4);
    }
  }
  @media (max-width: 870px) {
    .toolbar {
      overflow-x: auto;
      scrollbar-width: none;
    }
    .chips {
      flex-wrap: nowrap;
      overflow-x: auto;
      scrollbar-width: none;
    }
    .main {
      min-inline-size: 0;
    }
    td {
      padding-block: 8px;
      block-size: 64px;
    }
    .state {
      inline-size: 42px;
      padding-inline: 0 var(--ha-space-4);
    }
    .menu {
      inline-size: 48px;
      padding-inline: 0 var(--ha-space-1);
    }
    .state:has(+ .menu) {
      padding-inline: 0;
    }
  }
`;
