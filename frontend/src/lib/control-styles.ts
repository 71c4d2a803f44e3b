/** What the controls look like. */

import { css } from "lit";

export const controlStyles = css`
  p {
    margin: 0 0 8px;
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    gap: 12px 24px;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(154px, 1fr));
    gap: 12px;
  }
  .field {
    display: grid;
    gap: 4px;
    align-content: start;
  }
  .field > label,
  .field > span {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  .box {
    display: flex;
    align-items: center;
    border: 1px solid color-mix(in srgb, var(--primary-text-color) 28%, transparent);
    border-radius: 10px;
  }
  .box:focus-within {
    border-color: var(--bitaxe-accent);
    box-shadow: inset 0 0 0 1px var(--bitaxe-accent);
  }
  .changed .box {
    border-color: var(--bitaxe-accent);
  }
  .faulty .box {
    border-color: var(--bitaxe-bad);
    box-shadow: inset 0 0 0 1px var(--bitaxe-bad);
  }
  .box input {
    flex: 1;
    width: 100%;
    /* 656.25, whatever else has to give way. */
    min-width: 5.6ch;
    height: 42px;
    padding: 0;
    border: none;
    outline: none;
    text-align: end;
    font: inherit;
    font-size: var(--ha-font-size-l, 16px);
    font-variant-numeric: tabular-nums;
    color: inherit;
    background: none;
  }
  .unit {
    flex: 1;
    padding-inline-start: 4px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  button.step {
    flex: none;
    width: 36px;
    min-height: 42px;
    padding: 0;
    border-radius: 10px;
    font-size: 20px;
    line-height: 1;
    color: var(--bitaxe-accent-text);
  }
  .hint {
    min-height: 15px;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  .faulty .hint {
    color: var(--bitaxe-bad);
  }
  .field .segments button {
    flex: 1;
    min-height: 38px;
    font-size: var(--ha-font-size-m, 14px);
  }
  .slider {
    display: flex;
    gap: 12px;
    align-items: center;
    min-height: 40px;
  }
  .slider.off input {
    opacity: 0.55;
  }
  .slider.off output {
    color: var(--secondary-text-color);
  }
  output {
    min-width: 48px;
    text-align: end;
  }
  input[type="range"] {
    flex: 1;
    min-width: 0;
    height: 32px;
    margin: 0;
    appearance: none;
    background: none;
    cursor: pointer;
  }
  input[type="range"]::-webkit-slider-runnable-track {
    height: 8px;
    border-radius: 4px;
    background: linear-gradient(
      to right,
      var(--bitaxe-accent) var(--share),
      var(--bitaxe-track) var(--share)
    );
  }
  input[type="range"]::-moz-range-track {
    height: 8px;
    border-radius: 4px;
    background: linear-gradient(
      to right,
      var(--bitaxe-accent) var(--share),
      var(--bitaxe-track) var(--share)
    );
  }
  input[type="range"]::-webkit-slider-thumb {
    appearance: none;
    width: 20px;
    height: 20px;
    margin-top: -6px;
    border: 2px solid var(--card-background-color, #fff);
    border-radius: 50%;
    background: var(--bitaxe-accent);
  }
  input[type="range"]::-moz-range-thumb {
    width: 16px;
    height: 16px;
    border: 2px solid var(--card-background-color, #fff);
    border-radius: 50%;
    background: var(--bitaxe-accent);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
    margin-top: 8px;
  }
  .buttons.start {
    justify-content: flex-start;
    margin-top: 12px;
  }
  .tonal {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    --mdc-icon-size: 20px;
  }
  .outcome {
    margin-top: 8px;
  }
  .wait {
    display: flex;
    gap: 8px;
    align-items: center;
    color: var(--secondary-text-color);
  }
  .spinner {
    width: 14px;
    height: 14px;
    border: 2px solid var(--bitaxe-track);
    border-top-color: var(--bitaxe-accent);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
