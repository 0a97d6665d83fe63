import { css } from 'lit';

/** What is said in a conversation. */
export const bubbles = css`
  .bubble {
    max-inline-size: 88%;
    padding: var(--ha-space-2) var(--ha-space-3);
    border-radius: var(--ha-border-radius-lg);
    font-size: var(--ha-font-size-l);
    line-height: 24px;
    overflow-wrap: anywhere;
  }
  .bubble.user {
    align-self: flex-end;
    display: flex;
    flex-direction: column;
    gap: var(--ha-space-2);
    background: var(--gw-fill-accent);
    color: var(--text-primary-color);
    border-end-end-radius: 0;
  }
  .bubble.user .text {
    white-space: pre-wrap;
  }
  .bubble.model {
    align-self: flex-start;
    background: var(--secondary-background-color);
    border-end-start-radius: 0;
    min-inline-size: 0;
  }
  .under {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--ha-space-3);
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s);
    line-height: 16px;
    font-variant-numeric: tabular-nums;
  }
  .under .tools {
    display: inline-flex;
    --gw-icon-size: 18px;
  }
`;
