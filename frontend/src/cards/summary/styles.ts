import { css } from "lit";

export const styles = css`
  ha-card {
    container-type: inline-size;
  }
  .header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
    padding: 12px 16px 8px;
  }
  h2 {
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.5;
  }
  .spans {
    display: flex;
    padding: 2px;
    border-radius: var(--ha-border-radius-pill, 9999px);
    background: var(--bitaxe-track);
  }
  .spans button {
    min-height: 32px;
    padding: 0 12px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .spans button[aria-pressed="true"] {
    color: var(--primary-text-color);
    background: var(--card-background-color, #fff);
    box-shadow: 0 1px 2px rgba(0, 0, 0, 0.2);
  }
  .scroll {
    overflow-x: auto;
    padding: 0 8px 8px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    white-space: nowrap;
  }
  th,
  td {
    height: 40px;
    padding: 0 8px;
    text-align: end;
    font-weight: var(--ha-font-weight-normal, 400);
  }
  :is(th, td):first-child {
    text-align: start;
  }
  /* What is said in brackets goes below rather than pushing columns out. */
  .energy,
  .availability {
    white-space: normal;
    text-wrap: balance;
  }
  tbody tr,
  tfoot tr {
    border-top: 1px solid var(--divider-color);
  }
  tbody th {
    max-width: max(24cqi, 10em);
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: var(--ha-font-weight-medium, 500);
  }
  tfoot :is(th, td) {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  thead button {
    min-height: 32px;
    padding: 0;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    font-weight: var(--ha-font-weight-normal, 400);
  }
  thead [aria-sort] button {
    color: var(--primary-text-color);
    font-weight: var(--ha-font-weight-medium, 500);
  }
  thead [aria-sort="ascending"] button::after {
    content: " ↑";
  }
  thead [aria-sort="descending"] button::after {
    content: " ↓";
  }
  .old td {
    color: var(--secondary-text-color);
  }
  .wall {
    margin: 0;
    padding: 0 16px 12px;
    list-style: none;
    color: var(--secondary-text-color);
  }
  .unmeasured {
    padding: 8px 16px 12px;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  /* The narrower the card, the fewer columns; the rest is a swipe away on a phone. */
  @container (max-width: 800px) {
    .restarts,
    .rejects {
      display: none;
    }
  }
  @container (max-width: 640px) {
    .asic_max,
    .stability {
      display: none;
    }
  }
  @container (max-width: 480px) {
    .availability,
    .energy {
      display: none;
    }
    th,
    td {
      padding: 0 6px;
    }
  }
  @container (max-width: 340px) {
    .cost {
      display: none;
    }
  }
`;
