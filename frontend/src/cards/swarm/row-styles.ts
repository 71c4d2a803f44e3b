/** How rows of all kinds look. They draw into the tree of the card. */

import { css } from "lit";

export const rowStyles = css`
  /* Rows of all kinds */
  :host([scrolls]) ha-card {
    overflow-y: auto;
  }
  bitaxe-swarm-row {
    position: relative;
    align-items: center;
    contain: style;
  }
  bitaxe-swarm-row.opens {
    cursor: pointer;
  }
  @media (hover: hover) {
    bitaxe-swarm-row.opens:hover {
      background: color-mix(in srgb, var(--primary-text-color) 5%, transparent);
    }
  }
  bitaxe-swarm-row:has(:focus-visible) {
    background: color-mix(in srgb, var(--bitaxe-accent) 8%, transparent);
  }
  bitaxe-swarm-row.gold {
    background: color-mix(in srgb, var(--amber-color, #ffc107) 9%, transparent);
    box-shadow: inset 4px 0 var(--amber-color, #ffc107);
  }
  bitaxe-block-banner {
    margin: 0 16px;
  }
  .open {
    display: flex;
    max-width: 100%;
    min-width: 0;
    overflow: hidden;
    white-space: pre;
    font-weight: var(--ha-font-weight-medium, 500);
    border-radius: 4px;
  }
  .open span:first-child {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* A long name, and what is wrong, take a second line where there is room below. */
  :is(.table, .compact) .open {
    display: block;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    text-align: start;
  }
  .badge {
    display: grid;
    place-items: center;
    flex: none;
    width: 36px;
    height: 36px;
    border-radius: 50%;
    color: var(--state);
    background: color-mix(in srgb, var(--state) 18%, transparent);
  }
  .badge.picking {
    background: none;
  }
  .pick {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--bitaxe-accent-text);
    cursor: pointer;
  }
  .dense .pick {
    width: 16px;
    height: 16px;
  }
  bitaxe-swarm-row.selected {
    background: color-mix(in srgb, var(--bitaxe-accent) 14%, transparent);
  }
  .badge ha-icon {
    --mdc-icon-size: 20px;
  }
  .who {
    flex: 1;
    min-width: 0;
  }
  .status {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .warnings {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: calc(100% + 12px);
    min-height: 24px;
    margin: -3px -6px;
    padding: 0 6px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    font-size: var(--ha-font-size-s, 12px);
  }
  .warnings:hover {
    background: color-mix(in srgb, var(--bar) 15%, transparent);
  }
  .warnings > ha-icon:first-child,
  .warning-list ha-icon {
    color: var(--bar);
  }
  .warnings .what {
    min-width: 0;
    text-align: start;
    line-height: 1.25;
  }
  .warnings .chevron {
    color: var(--secondary-text-color);
  }
  .detail {
    grid-column: 1 / -1;
    padding-inline-start: 48px;
    cursor: default;
  }
  .curve {
    color: var(--bitaxe-accent);
  }
  .sparkline {
    display: block;
    width: 100%;
    height: 28px;
    overflow: visible;
  }
  .offline .value,
  .offline .open {
    color: var(--secondary-text-color);
  }

  /* The table */
  .head,
  .table bitaxe-swarm-row {
    display: grid;
    grid-template-columns: var(--columns);
    column-gap: var(--gap);
    padding: 0 16px;
  }
  .table bitaxe-swarm-row {
    min-height: 52px;
    padding-block: 6px;
    box-sizing: border-box;
    border-top: 1px solid var(--divider-color);
  }
  .table .name {
    display: flex;
    align-items: center;
    gap: 12px;
    min-width: 0;
  }
  .cell {
    min-width: 0;
    text-align: end;
    white-space: nowrap;
    line-height: 1.4;
  }
  .cell.text {
    text-align: start;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .cell.text .second {
    justify-content: flex-start;
  }
  .head {
    align-items: center;
    min-height: 36px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  .table > .head {
    position: sticky;
    z-index: 1;
    top: var(--header-height, 0);
  }
  :host([scrolls]) .table > .head {
    top: 0;
  }
  .head [role="columnheader"] {
    display: flex;
    justify-content: flex-end;
    align-items: center;
    min-width: 0;
  }
  .head .text {
    justify-content: flex-start;
  }
  .sort {
    min-height: 32px;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    border-radius: 4px;
  }
  .sort:hover,
  .sort.active {
    color: var(--primary-text-color);
  }
  .sort.active {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .sort::before {
    content: var(--arrow, "") / "";
    margin-inline-end: 3px;
  }
  [aria-sort="ascending"] .sort {
    --arrow: "↑";
  }
  [aria-sort="descending"] .sort {
    --arrow: "↓";
  }
  .spans {
    display: inline-flex;
    flex: none;
    white-space: nowrap;
    padding: 2px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    background: var(--bitaxe-track);
  }
  .spans button {
    min-height: 24px;
    padding: 0 8px;
    border-radius: inherit;
    font-size: var(--ha-font-size-s, 12px);
  }
  .spans [aria-pressed="true"] {
    color: var(--primary-text-color);
    background: var(--ha-card-background, var(--card-background-color, #fff));
    box-shadow: 0 1px 2px rgba(0, 0, 0, 0.2);
  }

  /* The list on a narrow card */
  .tools {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 0 12px 8px 16px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .tools .spans {
    margin-inline-start: auto;
  }
  .tools label {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  select {
    min-width: 0;
    min-height: 32px;
    border: none;
    border-radius: var(--ha-border-radius-md, 8px);
    padding: 0 4px;
    font: inherit;
    color: var(--primary-text-color);
    background: var(--bitaxe-track);
  }
  option {
    color: var(--primary-text-color);
    background: var(--card-background-color, #fff);
  }
  .turn {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 50%;
  }
  .compact bitaxe-swarm-row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto auto;
    gap: 2px 10px;
    padding: 8px 16px;
    border-top: 1px solid var(--divider-color);
  }
  .compact .badge {
    grid-row: span 2;
  }
  /* The state goes below a name that is long, which is not broken for its sake. */
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    min-width: 0;
  }
  .title .status {
    flex: none;
  }
  .compact .curve {
    width: 56px;
  }
  .compact .sparkline {
    height: 20px;
  }
  .main {
    grid-column: -2;
    width: 74px;
    text-align: end;
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .below {
    grid-column: 2 / -1;
    min-width: 0;
  }
  .figures {
    display: grid;
    grid-template-columns: var(--columns);
    column-gap: var(--gap);
    overflow: hidden;
    font-size: 12px;
    white-space: nowrap;
  }
  .figure {
    display: block;
    padding-bottom: 2px;
    white-space: nowrap;
  }
  .figure .label {
    margin-inline-end: 0.3em;
    color: var(--secondary-text-color);
  }
  .figure .bar {
    display: block;
    height: 3px;
    margin-top: 1px;
  }

  /* The dense list */
  .blocks {
    display: flex;
    gap: 20px;
    padding: 0 12px 8px;
  }
  .dense {
    flex: 1 1 0;
    min-width: 0;
    font-size: 12px;
  }
  .dense .head,
  .dense bitaxe-swarm-row {
    padding: 0 4px;
  }
  .dense .head {
    min-height: 22px;
  }
  .dense .sort {
    min-height: 22px;
  }
  .dense bitaxe-swarm-row {
    display: grid;
    grid-template-columns: var(--columns);
    column-gap: var(--gap);
    height: var(--line);
    border-radius: 4px;
  }
  .dense bitaxe-swarm-row:nth-of-type(even) {
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  .dense .name {
    display: flex;
    align-items: center;
    gap: 5px;
    min-width: 0;
  }
  .dense .name ha-icon {
    --mdc-icon-size: 14px;
  }
  .dense .cell {
    line-height: 1.2;
    overflow: hidden;
  }
  .dense .sparkline {
    height: calc(var(--line) - 4px);
  }
`;
