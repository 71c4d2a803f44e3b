/** How head, totals and figures look, in the colours of the theme. */

import { css } from "lit";

export const swarmStyles = css`
  ha-card {
    display: flex;
    flex-direction: column;
    /* Not hidden: the head of the table stays in sight while the page scrolls. */
    overflow: clip;
  }
  ha-icon {
    --mdc-icon-size: 1.25em;
    display: inline-flex;
    flex: none;
  }
  /* Its code comes later; until then it is as high as it will be. */
  bitaxe-power-target:not(:defined) {
    display: block;
    min-height: 48px;
  }
  bitaxe-power-target[narrow]:not(:defined) {
    min-height: 64px;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: none;
    padding: 0;
    cursor: pointer;
    text-align: inherit;
  }

  /* Head of the card */
  .header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 12px 16px 4px;
    min-height: 32px;
  }
  h2 {
    flex: 1 1 auto;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .chip {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
    min-height: 28px;
    padding: 0 10px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    font-size: var(--ha-font-size-s, 12px);
    font-weight: var(--ha-font-weight-medium, 500);
    background: color-mix(in srgb, var(--chip) 15%, transparent);
  }
  .chip > ha-icon:first-child {
    color: var(--chip);
  }
  .toggle {
    display: grid;
    flex: none;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 50%;
    color: var(--secondary-text-color);
  }
  .toggle[aria-expanded="true"] {
    color: var(--primary-text-color);
    background: var(--bitaxe-track);
  }
  bitaxe-swarm-tools.kept {
    min-height: 56px;
  }
  .no-match {
    margin: 0;
    padding: 16px;
    color: var(--secondary-text-color);
    text-align: center;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 4px 16px;
    font-size: var(--ha-font-size-s, 12px);
  }
  .notice ha-icon {
    color: var(--bitaxe-warn);
  }
  .attention {
    margin: 4px 12px 8px;
    padding: 4px 12px 8px;
    border-radius: var(--ha-border-radius-lg, 12px);
    background: color-mix(in srgb, var(--bitaxe-warn) 10%, transparent);
  }
  .attention h3 {
    margin: 8px 0 0;
    font-size: inherit;
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .attention h3 button {
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 3px;
  }
  .warning-list {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .warning-list li {
    display: flex;
    gap: 8px;
    padding: 6px 0;
    line-height: 1.4;
  }
  .warning-list b {
    font-weight: var(--ha-font-weight-medium, 500);
  }

  /* Totals */
  .tiles {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 8px 16px 12px;
  }
  .tile {
    min-width: 0;
    padding: 8px 12px;
    border-radius: var(--ha-border-radius-lg, 12px);
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  .tile dt {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .tile dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .tile .note {
    white-space: normal;
  }
  .tile .value {
    /* On the smallest phones, too, "1 in 930,000" is on one line. */
    font-size: min(var(--ha-font-size-xl, 20px), 5.4vw);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.4;
  }
  .tile .bar {
    min-width: 48px;
  }
  .line {
    display: flex;
    flex: 1 1 auto;
    gap: 0 0.7em;
    align-items: center;
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .line span {
    white-space: nowrap;
  }
  .line ha-icon {
    margin-inline-end: 4px;
    vertical-align: -0.2em;
  }

  /* Figures */
  .unit {
    color: var(--secondary-text-color);
    font-size: 0.8em;
    font-weight: var(--ha-font-weight-normal, 400);
  }
  .note {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
  }
  .second {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 6px;
    min-height: 15px;
  }
  .tile .second {
    /* A bar of a few px says nothing: where the note is long, it has its own line. */
    flex-wrap: wrap;
    justify-content: flex-start;
  }
  .table .bar + .note:not(:empty) {
    min-width: 3em;
    text-align: end;
  }
  .bar {
    flex: 1 1 24px;
    min-width: 20px;
    height: 4px;
    border-radius: 2px;
    overflow: hidden;
    background: var(--bitaxe-track);
  }
  .bar > span {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--bar, var(--bitaxe-accent));
    transform-origin: left;
    transition: transform 0.4s ease-out;
  }
  /* Only what is wrong stands out. */
  .good {
    color: inherit;
    --bar: var(--bitaxe-good);
  }
  .warning {
    --bar: var(--bitaxe-warn);
    --mark: "△";
  }
  .critical {
    --bar: var(--bitaxe-bad);
    --mark: "▲";
  }
  .warning.low {
    --mark: "▽";
  }
  .critical.low {
    --mark: "▼";
  }
  /* The mark says without colour what the colour says; texts are read out instead. */
  .warning > .value::before,
  .critical > .value::before,
  .warning > div > .value::before,
  .critical > div > .value::before {
    content: var(--mark) / "";
    margin-inline-end: 0.3em;
    font-size: 0.75em;
    vertical-align: 0.1em;
    color: var(--bar);
  }
  .critical > .value,
  .critical > div > .value,
  .note.critical {
    font-weight: var(--ha-font-weight-bold, 700);
  }
  .note.good {
    color: var(--secondary-text-color);
  }
  .note.warning,
  .note.critical {
    color: var(--primary-text-color);
  }
  .note.warning::before,
  .note.critical::before {
    content: var(--mark) / "";
    margin-inline-end: 0.3em;
    color: var(--bar);
  }

  .lite .header {
    flex-wrap: nowrap;
    gap: 8px;
    padding: 6px 16px 0;
    font-size: 12px;
  }
  .lite .header:has(h2) {
    flex-wrap: wrap;
  }
  .lite h2 {
    flex-basis: 100%;
  }
  .empty {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding: 24px 16px;
    text-align: center;
  }
  .empty > ha-icon {
    --mdc-icon-size: 40px;
    color: var(--secondary-text-color);
  }
  .empty p {
    max-width: 40ch;
    margin: 0;
    line-height: 1.4;
    color: var(--secondary-text-color);
  }
`;
