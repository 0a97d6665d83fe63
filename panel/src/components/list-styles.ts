import { css } from 'lit';

/** A list of suggestions below a field. */
export const listStyles = css`
  .list {
    margin: 0;
    padding: var(--ha-space-2) 0;
    max-block-size: min(320px, var(--auto-size-available-height, 320px));
    overflow-y: auto;
    list-style: none;
    background: var(--card-background-color);
    color: var(--primary-text-color);
    border: 1px solid var(--divider-color);
    border-radius: var(--ha-border-radius-lg);
    box-shadow: var(--ha-box-shadow-m);
  }
  .list li {
    display: flex;
    align-items: center;
    gap: var(--ha-space-4);
    min-block-size: 40px;
    padding: var(--ha-space-2) var(--ha-space-4);
    cursor: pointer;
  }
  .list li:hover {
    background: var(--gw-row-hover);
  }
  .list li[aria-selected='true'] {
    background: var(--ha-color-fill-primary-quiet-resting);
  }
  .list .words {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .list .note {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s);
    white-space: nowrap;
  }
`;
