import { css } from 'lit';

export const wayStyles = css`
  :host {
    display: block;
  }
  .waterfall {
    display: grid;
    grid-template-columns: minmax(180px, auto) minmax(0, 1fr) minmax(64px, auto);
    align-items: center;
    column-gap: var(--ha-space-4);
  }
  .axis {
    grid-column: 2;
    display: grid;
    grid-template-columns: repeat(var(--steps), minmax(0, 1fr));
    block-size: 24px;
    font-size: var(--ha-font-size-s);
    color: var(--secondary-text-color);
    white-space: nowrap;
  }
  .lane-row {
    grid-column: 1 / -1;
    display: grid;
    grid-template-columns: subgrid;
    align-items: center;
  }
  .what {
    line-height: 18px;
    padding-block: 4px;
    min-inline-size: 0;
    max-inline-size: 260px;
    overflow-wrap: anywhere;
  }
  .said {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .provider {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .lane {
    position: relative;
    align-self: stretch;
    min-block-size: 44px;
    display: flex;
    align-items: center;
    background-image: repeating-linear-gradient(to right, var(--divider-color) 0 1px, transparent 1px calc(100% / var(--steps)));
  }
  .lane:dir(rtl) {
    background-image: repeating-linear-gradient(to left, var(--divider-color) 0 1px, transparent 1px calc(100% / var(--steps)));
  }
  .lane i {
    position: absolute;
    block-size: 16px;
    border-radius: 2px;
    min-inline-size: 3px;
  }
  .time {
    text-align: end;
  }
  .total {
    padding-block-start: var(--ha-space-3);
    margin-block-start: var(--ha-space-2);
    border-block-start: 1px solid var(--divider-color);
  }
  .reason {
    display: flex;
    align-items: flex-start;
    gap: var(--ha-space-3);
    margin-block-start: var(--ha-space-3);
    padding: var(--ha-space-3);
    border-radius: var(--ha-border-radius-md);
    background: var(--ha-color-surface-low);
  }
  .reason gw-icon {
    color: var(--secondary-text-color);
    margin-block-start: 1px;
  }
  .words {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 870px) {
    .waterfall {
      display: block;
    }
    .axis {
      display: none;
    }
    .lane-row {
      grid-template-columns: minmax(0, 1fr) auto;
      padding-block: 6px;
    }
    .what {
      max-inline-size: none;
      padding-block: 0;
    }
    .time {
      align-self: start;
    }
    .lane {
      grid-column: 1 / -1;
      grid-row: 2;
      min-block-size: 20px;
    }
    .lane i {
      block-size: 12px;
    }
  }
  @media (forced-colors: active) {
    i {
      forced-color-adjust: none;
    }
  }
`;
