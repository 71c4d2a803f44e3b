/** What the content of the miner card looks like. */

import { css } from "lit";

export const viewStyles = css`
  :host {
    container-type: inline-size;
  }
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    padding: 16px;
  }
  nav {
    display: flex;
    gap: 8px;
    justify-content: space-between;
    margin: -8px -8px 0;
  }
  nav button {
    display: flex;
    gap: 2px;
    align-items: center;
    min-width: 0;
    min-height: 44px;
    padding: 0 8px;
    border-radius: 8px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: var(--ha-font-weight-normal, 400);
    color: var(--secondary-text-color);
    overflow-wrap: anywhere;
  }
  nav .next {
    flex-direction: row-reverse;
    text-align: end;
  }
  nav .previous {
    text-align: start;
  }
  nav ha-icon {
    flex: none;
  }
  .secondary span + span::before {
    content: " · ";
  }
  .state {
    font-weight: var(--ha-font-weight-medium, 500);
    color: var(--primary-text-color);
  }
  a {
    display: grid;
    flex: none;
    place-items: center;
    width: 44px;
    height: 44px;
    margin: -6px;
    border-radius: 50%;
    color: var(--secondary-text-color);
  }
  .warnings {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .warnings li {
    display: flex;
    gap: 12px;
    padding: 12px;
    border-radius: 12px;
    line-height: 1.4;
    background: color-mix(in srgb, var(--level) 14%, transparent);
  }
  .warnings li > ha-icon {
    flex: none;
    color: var(--level);
  }
  .warnings b {
    font-weight: var(--ha-font-weight-medium, 500);
  }
  .warnings button {
    margin-top: 8px;
    padding: 8px 16px;
    border-radius: 20px;
    line-height: 1.3;
  }
  .columns,
  .figures {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    min-width: 0;
    align-content: start;
  }
  /* On a phone the trend comes before the details. */
  .figures {
    display: contents;
  }
  dl {
    order: 1;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 8px;
  }
  .tile {
    display: grid;
    grid-template-rows: auto auto 4px 1fr;
    gap: 4px;
    min-width: 0;
    min-height: 0;
    padding: 10px 12px;
    border-radius: 12px;
    color: inherit;
    text-align: start;
    font: inherit;
    font-variant-numeric: tabular-nums;
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  button.tile:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  .hashrate {
    grid-column: span 2;
  }
  .label,
  .note,
  dt {
    overflow: hidden;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
    text-overflow: ellipsis;
  }
  .label {
    display: flex;
    gap: 4px;
    align-items: center;
    white-space: nowrap;
  }
  .label ha-icon,
  dd ha-icon {
    --mdc-icon-size: 15px;
    color: var(--level);
  }
  dd ha-icon {
    margin: -2px 4px 0 0;
  }
  .note {
    min-height: 15px;
  }
  .value {
    font-size: 22px;
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.15;
    white-space: nowrap;
  }
  .hashrate .value {
    font-size: 34px;
  }
  small {
    margin-inline-start: 4px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: var(--ha-font-weight-normal, 400);
    color: var(--secondary-text-color);
  }
  .hashrate small {
    font-size: var(--ha-font-size-l, 16px);
  }
  .track {
    height: 4px;
    overflow: hidden;
    border-radius: 2px;
    background: var(--bitaxe-track);
  }
  .bare .track {
    background: none;
  }
  .track i {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--level, var(--bitaxe-accent));
    transition: width 0.6s ease;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(116px, 1fr));
    gap: 12px 16px;
    margin: 0;
    padding: 0 4px;
  }
  .fact {
    min-width: 0;
    color: inherit;
  }
  dd {
    margin: 2px 0 0;
    overflow-wrap: anywhere;
  }
  /* On a line of its own rather than broken, unless it is longer than that. */
  dd small {
    display: inline-block;
    margin: 0;
  }
  /* Old figures are pale, yet read as well. */
  .stale .value,
  .stale dd {
    color: var(--secondary-text-color);
  }
  .stale .track i,
  .stale ha-icon {
    filter: grayscale(1);
  }
  bitaxe-miner-controls,
  bitaxe-power-target,
  bitaxe-miner-tuning {
    padding-top: 16px;
    border-top: 1px solid var(--divider-color);
  }
  /* Room for what is still to come. */
  bitaxe-miner-tuning {
    min-height: 102px;
  }
  bitaxe-miner-tuning.busy {
    min-height: 700px;
  }
  @container (width >= 460px) {
    bitaxe-miner-tuning {
      min-height: 44px;
    }
    bitaxe-miner-tuning.busy {
      min-height: 620px;
    }
    .tiles {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  @container (width >= 900px) {
    bitaxe-miner-tuning.busy {
      min-height: 480px;
    }
    .columns:not(.single) {
      grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
      gap: 24px;
    }
    .figures {
      display: grid;
    }
  }
`;
