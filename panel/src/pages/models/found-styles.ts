import { css } from 'lit';

export const foundStyles = css`
  section {
    padding: var(--ha-space-4);
  }
  .head {
    margin-block-end: var(--ha-space-3);
  }
  .found-grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
    gap: var(--ha-space-4);
  }
  .what {
    display: flex;
    align-items: center;
    gap: var(--ha-space-4);
    padding: var(--ha-space-3) var(--ha-space-4) var(--ha-space-1);
  }
  h3 {
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: inherit;
  }
  .models {
    padding: var(--ha-space-1) var(--ha-space-4) var(--ha-space-2);
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: var(--ha-space-2);
    padding: 0 var(--ha-space-2) var(--ha-space-2);
  }
  .found-add {
    display: flex;
    align-items: center;
    gap: var(--ha-space-4);
    padding: var(--ha-space-4);
    text-align: start;
    border: 1px dashed var(--ha-color-border-neutral-normal);
    border-radius: var(--ha-card-border-radius, var(--ha-border-radius-lg));
  }
  .found-add:hover {
    background: var(--gw-row-hover);
  }
  .found-add .row-title,
  .found-add .row-note {
    display: block;
  }
  .plus {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    background: var(--ha-color-fill-primary-normal-resting);
    color: var(--gw-text-brand);
  }
`;
