/** What the search for the best setting looks like. */

import { css } from "lit";

export const tuningStyles = css`
  :host {
    container-type: inline-size;
  }
  :host([hidden]) {
    display: none;
  }
  .tuning {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
  }
  .head > div {
    flex: 1 1 150px;
    min-width: 0;
    line-height: 1.4;
  }
  .head h3 {
    line-height: 24px;
  }
  .head .secondary {
    min-height: 17px;
  }
  .head .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    justify-content: flex-end;
    max-width: 100%;
    margin-inline-start: auto;
  }
  .head button {
    display: inline-flex;
    flex: none;
    gap: 8px;
    align-items: center;
    --mdc-icon-size: 20px;
  }
  .soak {
    display: flex;
    gap: 8px;
    align-items: center;
    --mdc-icon-size: 18px;
  }
  .soak .finished {
    color: var(--best);
  }
  .soak .failed {
    color: var(--now);
  }
  .bar {
    height: 8px;
    overflow: hidden;
    border-radius: 4px;
    background: var(--bitaxe-track);
  }
  .bar i {
    display: block;
    height: 100%;
    border-radius: 4px;
    background: var(--bitaxe-accent);
    transition: width 0.6s ease;
  }
  .status {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    justify-content: space-between;
    min-height: 18px;
    margin-top: 6px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px 24px;
    align-items: start;
  }
  .map {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  .none {
    display: grid;
    place-items: center;
    min-height: 230px;
    padding: 12px;
    border: 1px dashed var(--divider-color);
    border-radius: 12px;
    text-align: center;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    justify-content: flex-end;
  }
  .legend i {
    display: inline-block;
    box-sizing: border-box;
    width: 10px;
    height: 10px;
    margin-inline-end: 6px;
    border-radius: 50%;
    vertical-align: -1px;
    background: color-mix(
      in srgb,
      var(--blue-color, #2196f3),
      var(--primary-text-color) 10%
    );
  }
  .legend .best {
    background: var(--best);
  }
  .legend .now {
    border: 2px solid var(--now);
    background: none;
  }
  .legend span {
    display: flex;
    align-items: center;
  }
  .legend .wall {
    display: grid;
    place-items: center;
    color: var(--card-background-color, #fff);
    font: bold 9px/1 sans-serif;
    font-style: normal;
  }
  .words {
    min-height: 34px;
    line-height: 1.4;
  }
  .facts {
    display: grid;
    gap: 12px;
    align-content: start;
    min-width: 0;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 6px 12px;
    margin: 0;
    line-height: 1.4;
  }
  dt {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    line-height: 20px;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dd b {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 6px 4px;
    font-weight: var(--ha-font-weight-normal, 400);
    text-align: end;
    white-space: nowrap;
  }
  thead th {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  tbody th,
  thead th:first-child {
    padding-inline-start: 0;
    text-align: start;
  }
  tbody th {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  td,
  tbody th {
    border-top: 1px solid var(--divider-color);
  }
  td:last-child,
  thead th:last-child {
    padding-inline-end: 0;
  }
  .change {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .verdict {
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
  }
  .verdict small {
    display: block;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: var(--ha-font-weight-normal, 400);
    color: var(--secondary-text-color);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .actions button {
    padding: 8px 16px;
    line-height: 1.3;
  }
  .ask {
    display: grid;
    gap: 8px;
    padding: 12px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--bitaxe-accent) 12%, transparent);
  }
  .save {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: end;
  }
  .save p {
    flex: 1 0 100%;
    margin: 0;
  }
  .save label {
    display: grid;
    flex: 1 1 160px;
    gap: 4px;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  select {
    max-width: 360px;
  }
  .save input,
  select {
    box-sizing: border-box;
    width: 100%;
    min-width: 0;
    height: 40px;
    padding: 0 10px;
    border: 1px solid color-mix(in srgb, var(--primary-text-color) 28%, transparent);
    border-radius: 10px;
    font: inherit;
    font-size: var(--ha-font-size-m, 14px);
    color: var(--primary-text-color);
    background: var(--card-background-color, #fff);
  }
  .good {
    color: color-mix(in srgb, var(--bitaxe-good) 55%, var(--primary-text-color));
  }
  @container (width >= 760px) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
  }
`;
