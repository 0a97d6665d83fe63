import { css } from 'lit';

export const pageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    block-size: calc(100dvh - var(--header-height) - var(--safe-area-inset-top));
    min-block-size: 420px;
  }
  .toolbar {
    display: flex;
    align-items: center;
    gap: var(--ha-space-3);
    min-block-size: 56px;
    padding: var(--ha-space-2) var(--ha-space-4);
    border-block-end: 1px solid var(--divider-color);
  }
  .toolbar gw-picker {
    flex: 0 1 260px;
  }
  .main {
    flex: 1;
    min-block-size: 0;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
  }
  .main.with-side {
    grid-template-columns: minmax(0, 1fr) 344px;
  }
  .chat {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .side {
    overflow-y: auto;
    border-inline-start: 1px solid var(--divider-color);
    background: var(--card-background-color);
  }
  .side:focus-visible {
    outline-offset: -2px;
  }
  .side h2 {
    font-size: var(--ha-font-size-l);
    font-weight: var(--ha-font-weight-medium);
    line-height: 24px;
    color: var(--secondary-text-color);
    padding-block-end: var(--ha-space-2);
  }
  .settings {
    padding: var(--ha-space-4);
  }
  .compare {
    flex: 1;
    min-block-size: 0;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    grid-template-rows: minmax(0, 1fr);
    border-block-end: 1px solid var(--divider-color);
  }
  .column {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .column + .column {
    border-inline-start: 1px solid var(--divider-color);
  }
  .column-head {
    padding: var(--ha-space-3) var(--ha-space-4);
    border-block-end: 1px solid var(--divider-color);
  }
  .column-head gw-picker {
    inline-size: 100%;
  }
  .drop {
    position: relative;
  }
  .drop.over::after {
    content: '';
    position: absolute;
    inset: var(--ha-space-2);
    border: 2px dashed var(--primary-color);
    border-radius: var(--ha-border-radius-lg);
    pointer-events: none;
  }
  @media (min-width: 1001px) {
    .tight-only {
      display: none;
    }
  }
  @media (max-width: 1000px) {
    .main.with-side {
      grid-template-columns: minmax(0, 1fr);
    }
    .side {
      display: none;
    }
  }
  @media (max-width: 870px) {
    :host {
      block-size: calc(100dvh - var(--header-height) - var(--gw-narrow-bar) - var(--safe-area-inset-top) - var(--safe-area-inset-bottom));
    }
    .toolbar gw-picker {
      flex: 1;
    }
    .compare {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: none;
      grid-auto-rows: minmax(0, 1fr);
    }
    .column + .column {
      border-inline-start: 0;
      border-block-start: 1px solid var(--divider-color);
    }
    .column-head {
      padding-block: var(--ha-space-2);
    }
  }
`;
