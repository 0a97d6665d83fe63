import { css } from 'lit';

export const settingStyles = css`
  .row-title {
    display: block;
  }
  .place {
    white-space: nowrap;
  }
  .error {
    margin-block-start: 2px;
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    color: var(--gw-text-bad);
    overflow-wrap: anywhere;
  }
  .error:empty {
    display: none;
  }
  .fixed {
    max-inline-size: 50%;
    text-align: end;
    overflow-wrap: anywhere;
  }
  .box {
    position: relative;
    display: inline-flex;
    align-items: center;
    gap: var(--ha-space-2);
    flex: none;
    max-inline-size: 50%;
    block-size: 44px;
    padding-inline: var(--ha-space-3);
    border-radius: var(--ha-border-radius-sm) var(--ha-border-radius-sm) 0 0;
    border-block-end: 1px solid var(--ha-color-border-neutral-loud);
    background: var(--ha-color-form-background);
  }
  .box:hover {
    background: var(--ha-color-form-background-hover);
  }
  .box:focus-within {
    border-block-end: 2px solid var(--primary-color);
  }
  .invalid .box {
    border-block-end: 2px solid var(--ha-color-border-danger-loud);
  }
  .box.choice {
    padding-inline: 0;
    border-block-end: 0;
    border-radius: var(--ha-border-radius-sm);
  }
  .box.choice:focus-within {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .unit {
    color: var(--ha-color-text-secondary);
    white-space: nowrap;
  }
  input,
  select {
    block-size: 100%;
    min-inline-size: 0;
    border: 0;
    outline: 0;
    background: none;
    font: inherit;
    color: inherit;
  }
  input:focus-visible,
  select:focus-visible {
    outline: 0;
  }
  input {
    inline-size: 72px;
    padding: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .text input {
    inline-size: 144px;
    text-align: start;
  }
  input::placeholder {
    color: var(--ha-color-text-secondary);
    opacity: 1;
  }
  select {
    appearance: none;
    inline-size: 100%;
    padding-inline: var(--ha-space-3) 32px;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  option {
    background: var(--card-background-color);
    color: var(--primary-text-color);
  }
  .choice gw-icon {
    position: absolute;
    inset-inline-end: 4px;
    pointer-events: none;
  }
`;
