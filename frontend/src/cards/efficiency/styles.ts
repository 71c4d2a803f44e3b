/** What the efficiency card looks like. */

import { css } from "lit";

export const efficiencyStyles = css`
  :host {
    display: grid;
    gap: 16px;
    margin-top: 8px;
    container-type: inline-size;
  }
  .advice {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 230px), 1fr));
    gap: 8px;
  }
  .goal {
    display: flex;
    flex-direction: column;
    gap: 6px;
    align-items: flex-start;
    padding: 12px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  .goal-name {
    display: flex;
    gap: 8px;
    align-items: center;
    width: 100%;
    color: var(--secondary-text-color);
    --mdc-icon-size: 18px;
  }
  .goal h3 {
    flex: 1;
    min-width: 0;
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.2;
  }
  .verdict,
  .tag {
    padding: 2px 8px;
    border-radius: 9px;
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
    color: var(--primary-text-color);
    background: var(--bitaxe-track);
  }
  .change .verdict {
    background: color-mix(in srgb, var(--bitaxe-accent) 24%, transparent);
  }
  .keep .verdict {
    background: color-mix(in srgb, var(--bitaxe-good) 24%, transparent);
  }
  .uncertain .verdict,
  .present_unknown .verdict {
    background: color-mix(in srgb, var(--bitaxe-warn) 24%, transparent);
  }
  button.setting {
    min-height: 28px;
    padding: 0;
    border-radius: 4px;
    font-size: 18px;
    text-align: start;
  }
  button.setting:hover {
    text-decoration: underline;
  }
  .goal p {
    margin: 0;
    line-height: 1.4;
    color: var(--secondary-text-color);
  }
  .change-words {
    line-height: 1.4;
  }
  .goal > .tonal {
    min-height: 36px;
    margin-top: auto;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    min-width: 0;
  }
  .map,
  .table {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    align-content: start;
    min-width: 0;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    justify-content: flex-end;
  }
  .legend i {
    display: inline-block;
    width: 10px;
    height: 10px;
    margin-inline-end: 6px;
    border-radius: 50%;
    vertical-align: -1px;
  }
  .legend .best {
    background: var(--best);
  }
  .legend .now {
    box-sizing: border-box;
    border: 2px solid var(--now);
  }
  .legend .line {
    width: 18px;
    height: 0;
    border-top: 2px dashed var(--secondary-text-color);
    border-radius: 0;
    vertical-align: 3px;
  }
  .detail {
    display: grid;
    gap: 10px;
    padding: 12px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  .detail-head {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    align-items: center;
    min-height: 36px;
  }
  .detail-head b {
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .detail-head .tonal {
    min-height: 36px;
    margin-inline-start: auto;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(116px, 1fr));
    gap: 10px 12px;
    margin: 0;
  }
  dt,
  small {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
  }
  .bottlenecks {
    display: flex;
    gap: 8px;
    align-items: center;
    line-height: 1.4;
    color: inherit;
    --mdc-icon-size: 18px;
  }
  .bottlenecks ha-icon {
    color: var(--level);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 0 4px;
    font-weight: var(--ha-font-weight-normal, 400);
    text-align: end;
    white-space: nowrap;
  }
  .setting {
    padding-inline-start: 0;
    text-align: start;
  }
  td {
    height: 40px;
    border-top: 1px solid var(--divider-color);
  }
  th button,
  td button {
    min-height: 36px;
    padding: 0;
    border-radius: 6px;
    font-size: inherit;
    font-weight: inherit;
  }
  th button {
    display: inline-flex;
    align-items: center;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
    --mdc-icon-size: 14px;
  }
  th:not(.setting) button {
    flex-direction: row-reverse;
  }
  th[aria-sort="ascending"] button,
  th[aria-sort="descending"] button {
    color: var(--primary-text-color);
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .hidden {
    visibility: hidden;
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr:hover td {
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  tbody tr.chosen td {
    background: color-mix(in srgb, var(--bitaxe-accent) 14%, transparent);
  }
  .faint td {
    color: var(--secondary-text-color);
  }
  td ha-icon {
    margin-inline-start: 6px;
    --mdc-icon-size: 16px;
  }
  td .best {
    color: var(--best);
  }
  td .unsound {
    color: var(--bitaxe-bad);
  }
  .tag.now {
    margin-inline-start: 6px;
    background: color-mix(in srgb, var(--now) 26%, transparent);
  }
  .table {
    overflow-x: auto;
  }
  .table > .text {
    justify-self: center;
  }
  .empty {
    display: grid;
    gap: 12px;
    justify-items: center;
    padding: 24px 8px;
    line-height: 1.5;
    text-align: center;
  }
  .line {
    display: flex;
    gap: 8px;
    align-items: center;
    line-height: 1.4;
  }
  .line > ha-icon {
    flex: none;
    --mdc-icon-size: 20px;
  }
  @container (width < 480px) {
    .heat,
    .errors {
      display: none;
    }
  }
  @container (width < 360px) {
    td small,
    .hidden {
      display: none;
    }
  }
  @container (width >= 900px) {
    .columns.both {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 24px;
    }
  }
`;
