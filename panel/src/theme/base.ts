import { css } from 'lit';

/** What every element of the panel starts from: reset, focus ring, words in their weights, and the few ways to lay things out. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--gw-text-brand);
    text-decoration: none;
  }
  p a {
    text-decoration: underline;
  }
  a:hover {
    text-decoration: underline;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .secondary {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: var(--ha-font-size-s);
    line-height: 16px;
  }
  .medium {
    font-weight: var(--ha-font-weight-medium);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .mono {
    font-family: var(--ha-font-family-code);
    font-size: 13px;
  }
  .good {
    color: var(--gw-text-good);
  }
  .warn {
    color: var(--gw-text-warn);
  }
  .bad {
    color: var(--gw-text-bad);
  }
  .brand {
    color: var(--gw-text-brand);
  }
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-inline-size: 0;
  }
  .row {
    display: flex;
    align-items: center;
    gap: var(--ha-space-2);
  }
  .row.wrap {
    flex-wrap: wrap;
  }
  .spread {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--ha-space-4);
  }
  .grow {
    flex: 1;
    min-inline-size: 0;
  }
  .end {
    text-align: end;
  }
  .stack {
    display: flex;
    flex-direction: column;
    gap: var(--ha-space-4);
    min-inline-size: 0;
  }
  .stack.tight {
    gap: var(--ha-space-2);
  }
  hr {
    border: 0;
    border-block-start: 1px solid var(--divider-color);
    margin: 0;
    inline-size: 100%;
  }
  .row-title {
    line-height: 20px;
  }
  .row-note {
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    color: var(--secondary-text-color);
  }
  @media (min-width: 871px) {
    .narrow-only {
      display: none !important;
    }
  }
  @media (max-width: 870px) {
    .wide-only {
      display: none !important;
    }
  }
  @media (max-width: 1000px) {
    .wide-1000 {
      display: none !important;
    }
  }
  @media (max-width: 1200px) {
    .wide-1200 {
      display: none !important;
    }
  }
`;

/** Inside a page: its padding, the two columns, lists of rows in cards, form grids. */
export const layout = css`
  :host {
    display: block;
  }
  .content {
    padding: var(--ha-space-4);
  }
  .content.form {
    max-inline-size: 1072px;
    margin-inline: auto;
  }
  .content.wide {
    max-inline-size: 1440px;
    margin-inline: auto;
  }
  .page-grid {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 392px;
    gap: var(--ha-space-4);
    align-items: start;
  }
  .page-grid.even {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .section-title {
    font-size: var(--ha-font-size-2xl);
    font-weight: var(--ha-font-weight-normal);
    line-height: 32px;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--ha-space-4);
  }
  .tiles.four {
    grid-template-columns: repeat(4, minmax(0, 1fr));
  }
  .tiles.five {
    grid-template-columns: repeat(5, minmax(0, 1fr));
  }
  .hero {
    font-size: var(--ha-font-size-5xl);
    line-height: 48px;
    font-weight: var(--ha-font-weight-normal);
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.5px;
  }
  .hero small {
    font-size: var(--ha-font-size-l);
    letter-spacing: 0;
    color: var(--secondary-text-color);
  }
  .facts {
    display: flex;
    gap: var(--ha-space-6);
  }
  .facts dt {
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    color: var(--secondary-text-color);
  }
  .facts dd {
    font-size: var(--ha-font-size-l);
    line-height: 24px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .list-row {
    display: flex;
    align-items: center;
    gap: var(--ha-space-4);
    min-block-size: 56px;
    padding: var(--ha-space-2) var(--ha-space-4);
    color: inherit;
    inline-size: 100%;
    text-align: start;
  }
  .list-row.two {
    min-block-size: 64px;
  }
  a.list-row:hover,
  button.list-row:hover {
    background: var(--gw-row-hover);
    text-decoration: none;
  }
  .ruled-list > * + * {
    border-block-start: 1px solid var(--divider-color);
  }
  .settings-row {
    display: flex;
    align-items: center;
    gap: var(--ha-space-4);
    padding: 10px var(--ha-space-4);
    min-block-size: 64px;
  }
  .settings-row .row-note {
    margin-block-start: 2px;
    max-inline-size: 76ch;
  }
  .list-end {
    padding-block-end: var(--ha-space-2);
  }
  .field-grid {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--ha-space-2) var(--ha-space-4);
  }
  .field-grid.three {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }
  .field-grid > .full {
    grid-column: 1 / -1;
  }
  @media (max-width: 1200px) {
    .page-grid {
      grid-template-columns: minmax(0, 1fr) 340px;
    }
  }
  @media (max-width: 1000px) {
    .page-grid {
      grid-template-columns: minmax(0, 1fr);
    }
    .page-grid.flow > .stack {
      display: contents;
    }
    .flow .first {
      order: -3;
    }
    .flow .second {
      order: -2;
    }
    .flow .last {
      order: 1;
    }
  }
  @media (max-width: 870px) {
    .page-grid.even {
      grid-template-columns: minmax(0, 1fr);
    }
    .tiles.four,
    .tiles.five {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .facts {
      gap: var(--ha-space-4);
      justify-content: space-between;
      flex-wrap: wrap;
    }
    .field-grid,
    .field-grid.three {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;

/** Native buttons inside an element that look like ours; `gw-button` is made of the same. */
export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--ha-space-2);
    block-size: 40px;
    padding-inline: var(--ha-space-4);
    border-radius: var(--ha-border-radius-pill);
    border: 1px solid transparent;
    font-weight: var(--ha-font-weight-medium);
    line-height: 1;
    white-space: nowrap;
    color: var(--gw-text-brand);
  }
  .button:hover {
    text-decoration: none;
    background: var(--gw-row-hover);
  }
  .button gw-icon {
    --gw-icon-size: 20px;
    margin-inline-start: -4px;
  }
  .button gw-icon.trail {
    margin-inline: 0 -4px;
  }
  .button.accent {
    background: var(--gw-fill-accent);
    color: var(--text-primary-color);
  }
  .button.accent:hover {
    background: var(--gw-fill-accent-hover);
  }
  .button.filled {
    background: var(--ha-color-fill-primary-normal-resting);
  }
  .button.filled:hover {
    background: var(--ha-color-fill-primary-normal-hover);
  }
  .button.outlined {
    border-color: var(--ha-color-border-primary-normal);
  }
  .button.neutral {
    color: var(--primary-text-color);
  }
  .button.neutral.filled {
    background: var(--gw-fill-neutral);
  }
  .button.danger {
    color: var(--gw-text-bad);
  }
  .button.danger.filled {
    background: var(--ha-color-fill-danger-normal-resting);
  }
  .button.danger.accent {
    background: var(--ha-color-fill-danger-loud-resting);
    color: var(--text-primary-color);
  }
  .button.warning.filled {
    background: var(--ha-color-fill-warning-normal-resting);
    color: var(--gw-text-warn);
  }
  .button.small {
    block-size: 32px;
    padding-inline: var(--ha-space-3);
    font-size: var(--ha-font-size-s);
  }
  .button[disabled] {
    background: var(--gw-fill-neutral);
    color: var(--ha-color-text-disabled);
    cursor: default;
  }
  .icon-button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    inline-size: 48px;
    block-size: 48px;
    border-radius: var(--ha-border-radius-circle);
    color: var(--secondary-text-color);
    flex: none;
  }
  .icon-button.small {
    inline-size: 40px;
    block-size: 40px;
  }
  .icon-button.tiny {
    inline-size: 32px;
    block-size: 32px;
  }
  .icon-button:hover {
    background: var(--gw-row-hover);
  }
  .icon-button[disabled] {
    color: var(--ha-color-text-disabled);
    cursor: default;
    background: none;
  }
`;
