import { css } from 'lit';

export const costStyles = css`
  :host {
    display: block;
  }
  .unit {
    margin-inline-end: 0;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  td {
    padding: 8px 0;
    vertical-align: top;
    text-align: start;
    white-space: nowrap;
  }
  .op {
    text-align: center;
    padding-inline: 12px;
    color: var(--secondary-text-color);
  }
  .op:first-child {
    padding-inline: 0 12px;
    min-inline-size: 24px;
  }
  .n {
    text-align: end;
  }
  .what {
    inline-size: 99%;
    white-space: normal;
    padding-inline-end: var(--ha-space-4);
  }
  tbody tr + tr > * {
    border-block-start: 1px solid var(--divider-color);
  }
  tfoot td {
    border-block-start: 2px solid var(--ha-color-border-neutral-normal);
    padding-block: 10px;
  }
  tfoot .what,
  tfoot .n,
  .sum bdi {
    font-size: var(--ha-font-size-l);
    font-weight: var(--ha-font-weight-medium);
  }
  .source {
    display: flex;
    align-items: flex-start;
    gap: var(--ha-space-3);
    margin-block-start: var(--ha-space-3);
    padding: var(--ha-space-3);
    border-radius: var(--ha-border-radius-md);
    background: var(--ha-color-surface-low);
    overflow-wrap: anywhere;
  }
  .source > gw-icon {
    color: var(--secondary-text-color);
    margin-block-start: 1px;
  }
  .source gw-button {
    align-self: center;
  }
  .reserved {
    margin-block-start: var(--ha-space-3);
  }
  @media (max-width: 870px) {
    .term {
      display: none;
    }
    .source {
      flex-wrap: wrap;
    }
    .source .grow {
      flex-basis: calc(100% - 40px);
    }
    .source gw-button {
      margin-inline-start: auto;
    }
  }
`;
