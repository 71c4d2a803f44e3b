/** Styles that several cards share: header, headings, segmented buttons and levels. */

import { css } from "lit";

/** State, name and what else is at the top of a card. */
export const headerStyles = css`
  .header {
    display: flex;
    gap: 12px;
    align-items: center;
    min-width: 0;
  }
  .badge {
    display: grid;
    flex: none;
    place-items: center;
    width: 42px;
    height: 42px;
    border-radius: 50%;
    color: var(--state);
    background: color-mix(in srgb, var(--state) 18%, transparent);
  }
  .name {
    flex: 1;
    min-width: 0;
  }
  h2 {
    margin: 0;
    overflow: hidden;
    font-size: var(--ha-font-size-xl, 20px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;

/** Headings, segmented buttons, and colours of levels. */
export const sharedStyles = css`
  h3 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 32px;
  }
  .segments {
    display: flex;
    padding: 2px;
    border-radius: 10px;
    background: var(--bitaxe-track);
  }
  .segments button {
    min-height: 32px;
    padding: 0 10px;
    border: none;
    border-radius: 8px;
    font: inherit;
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
    color: var(--secondary-text-color);
    background: none;
    cursor: pointer;
  }
  .segments button[aria-pressed="true"] {
    color: var(--primary-text-color);
    font-weight: var(--ha-font-weight-medium, 500);
    background: var(--card-background-color, #fff);
    box-shadow: 0 1px 2px rgba(0, 0, 0, 0.25);
  }
  .segments button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .critical {
    --level: var(--bitaxe-bad);
  }
  .warning {
    --level: var(--bitaxe-warn);
  }
  .good {
    --level: var(--bitaxe-good);
  }
`;

/** Colours of the best operating point and of the present one, in charts and tables. */
export const pointColors = css`
  :host {
    --best: color-mix(
      in srgb,
      var(--green-color, #4caf50),
      var(--primary-text-color) 15%
    );
    --now: color-mix(
      in srgb,
      var(--orange-color, #ff9800),
      var(--primary-text-color) 12%
    );
  }
`;
