import { css } from 'lit';

export const pickerStyles = css`
  :host {
    display: block;
    inline-size: 260px;
    max-inline-size: 100%;
    min-inline-size: 0;
  }
  .picker {
    display: flex;
    align-items: center;
    gap: var(--ha-space-2);
    inline-size: 100%;
    block-size: 40px;
    padding-inline: var(--ha-space-2);
    text-align: start;
    background: var(--card-background-color);
    border: 1px solid var(--gw-input-border);
    border-radius: var(--ha-border-radius-lg);
  }
  .picker:hover {
    background: color-mix(in srgb, var(--primary-text-color) 4%, var(--card-background-color));
  }
  @media (max-width: 870px) {
    .note {
      display: none;
    }
  }
  .list {
    position: fixed;
    margin: 0;
    padding: 0;
    flex-direction: column;
    overflow: hidden;
    border: 1px solid var(--divider-color);
    border-radius: var(--ha-border-radius-lg);
    background: var(--card-background-color);
    color: var(--primary-text-color);
    box-shadow: var(--ha-box-shadow-m);
  }
  .list:popover-open {
    display: flex;
  }
  .search {
    display: flex;
    align-items: center;
    gap: var(--ha-space-2);
    min-block-size: 48px;
    padding-inline: var(--ha-space-4);
    border-block-end: 1px solid var(--divider-color);
  }
  .search gw-icon {
    color: var(--secondary-text-color);
  }
  input {
    flex: 1;
    min-inline-size: 0;
    border: 0;
    background: none;
    font: inherit;
    color: inherit;
  }
  input:focus-visible {
    outline: 0;
  }
  input::placeholder {
    color: var(--secondary-text-color);
    opacity: 1;
  }
  .search:focus-within {
    box-shadow: inset 0 -2px 0 var(--primary-color);
  }
  .options {
    flex: 1;
    min-block-size: 0;
    max-block-size: 360px;
    overflow-y: auto;
    padding-block: var(--ha-space-1);
  }
  .option {
    display: flex;
    align-items: center;
    gap: var(--ha-space-3);
    min-block-size: 48px;
    padding: var(--ha-space-1) var(--ha-space-4);
    cursor: pointer;
  }
  .option.at {
    background: var(--gw-row-hover);
  }
  .option[aria-selected='true'] {
    color: var(--gw-text-brand);
  }
  .words {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-inline-size: 0;
  }
  .name {
    overflow-wrap: anywhere;
  }
  .said p {
    padding: var(--ha-space-3) var(--ha-space-4);
  }
`;
