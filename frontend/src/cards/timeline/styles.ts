/** What a timeline looks like. */

import { css } from "lit";

export const timelineStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    min-height: 100%;
    padding: 12px 16px 16px;
    container-type: inline-size;
  }
  .header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
  }
  h2 {
    flex: 1 1 auto;
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
  }
  h3 {
    position: sticky;
    z-index: 1;
    top: 0;
    margin: 8px 0 0;
    font-size: var(--ha-font-size-s, 12px);
    line-height: 24px;
    color: var(--secondary-text-color);
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  select {
    max-width: 100%;
    min-height: 36px;
    padding: 0 4px;
    border: none;
    border-radius: var(--ha-border-radius-md, 8px);
    font: inherit;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--primary-text-color);
    background: var(--bitaxe-track);
  }
  option {
    color: var(--primary-text-color);
    background: var(--card-background-color, #fff);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    --tone: var(--bitaxe-accent);
    display: grid;
    grid-template-columns: 32px minmax(0, 1fr) auto;
    gap: 12px;
    align-items: start;
    padding: 6px 0;
    line-height: 1.35;
  }
  li.tone-critical {
    --tone: var(--bitaxe-bad);
  }
  li.tone-warning {
    --tone: var(--bitaxe-warn);
  }
  li.tone-good {
    --tone: var(--bitaxe-good);
  }
  li.tone-gold {
    --tone: var(--amber-color, #ffc107);
  }
  .mark {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 50%;
    color: var(--tone);
    background: color-mix(in srgb, var(--tone) 16%, transparent);
    --mdc-icon-size: 18px;
  }
  /* What lasts is filled; what is over is not. */
  .ongoing .mark {
    color: var(--card-background-color, #fff);
    background: var(--tone);
  }
  .what {
    overflow-wrap: anywhere;
  }
  b,
  .name {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  button.name {
    display: inline;
    min-height: 0;
    padding: 0;
    border-radius: 4px;
    font-size: inherit;
    text-align: start;
    overflow-wrap: anywhere;
  }
  button.name:hover {
    text-decoration: underline;
  }
  time {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
  }
  .note {
    padding: 16px 0;
  }
  /* In the middle of what room there is: quiet is no gap. */
  .nothing {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 8px;
    align-items: center;
    justify-content: center;
    padding: 16px 0;
    text-align: center;
    --mdc-icon-size: 32px;
  }
  .nothing ha-icon {
    opacity: 0.6;
  }
  .text {
    display: block;
    margin: 8px auto 0;
  }
`;
