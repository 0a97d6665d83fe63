import { css } from 'lit';

export const headerStyles = css`
  :host {
    display: block;
    position: sticky;
    inset-block-start: 0;
    z-index: 4;
  }
  header {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
    align-items: center;
    box-sizing: content-box;
    block-size: calc(var(--header-height) - 1px);
    padding-block-start: var(--safe-area-inset-top);
    padding-inline: calc(var(--ha-space-3) + var(--safe-area-inset-left)) calc(var(--ha-space-3) + var(--safe-area-inset-right));
    background: var(--app-header-background-color);
    color: var(--app-header-text-color);
    border-block-end: var(--app-header-border-bottom);
  }
  header.subpage {
    grid-template-columns: minmax(0, 1fr) auto;
  }
  .start,
  .end {
    display: flex;
    align-items: center;
    min-inline-size: 0;
  }
  .end {
    justify-content: flex-end;
  }
  .title {
    font-size: var(--ha-font-size-xl);
    font-weight: var(--ha-font-weight-normal);
    line-height: 24px;
    margin-inline-start: var(--ha-space-3);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .in-tabs {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    margin: 0;
  }
  nav {
    display: flex;
    align-self: stretch;
  }
  .tab {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--ha-space-2);
    padding-inline: var(--ha-space-5);
    color: var(--app-header-text-color);
    font-weight: var(--ha-font-weight-medium);
    white-space: nowrap;
  }
  .tab:hover {
    text-decoration: none;
    background: var(--gw-row-hover);
  }
  .tab:focus-visible {
    outline-offset: -4px;
  }
  .tab[aria-current='page'],
  .tab.current {
    color: var(--gw-text-brand);
  }
  .tab[aria-current='page'] gw-icon {
    color: var(--primary-color);
  }
  .tab[aria-current='page']::after {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-end: -1px;
    block-size: 2px;
    background: var(--primary-color);
  }
  .tab.more {
    display: none;
  }
  @media (max-width: 1200px) {
    .tab {
      padding-inline: var(--ha-space-3);
    }
  }
  @media (max-width: 1000px) {
    .tab gw-icon {
      display: none;
    }
  }
  @media (max-width: 870px) {
    header {
      display: flex;
      padding-inline: var(--ha-space-1);
    }
    .start {
      flex: 1;
    }
    .title {
      margin-inline-start: var(--ha-space-2);
    }
    .in-tabs {
      position: static;
      inline-size: auto;
      block-size: auto;
      clip-path: none;
      margin-inline-start: var(--ha-space-3);
    }
    nav {
      position: fixed;
      inset-inline: 0;
      inset-block-end: 0;
      z-index: 4;
      block-size: calc(var(--gw-narrow-bar) + var(--safe-area-inset-bottom));
      padding-block-end: var(--safe-area-inset-bottom);
      background: var(--app-header-background-color);
      border-block-start: 1px solid var(--divider-color);
    }
    .tab {
      flex: 1 1 0;
      flex-direction: column;
      gap: 2px;
      padding-inline: 0;
      font-size: var(--ha-font-size-s);
      font-weight: var(--ha-font-weight-normal);
      line-height: 16px;
      min-inline-size: 0;
    }
    .tab gw-icon {
      display: inline-flex;
    }
    .tab[aria-current='page']::after {
      display: none;
    }
    .tab.extra {
      display: none;
    }
    .tab.more {
      display: flex;
    }
  }
  @media (forced-colors: active) {
    .tab[aria-current='page']::after {
      background: Highlight;
    }
  }
`;
