/** What the cards look like in common: sizes and colours of Home Assistant's theme only. */

import { css } from "lit";

/** Colours of states, and what screen readers hear only: for cards and what is in them. */
export const baseStyles = css`
  :host {
    display: block;
    /* None of the texts is in a language that is written from right to left. */
    direction: ltr;
    --bitaxe-good: var(--success-color, #43a047);
    --bitaxe-warn: var(--warning-color, #ffa600);
    --bitaxe-bad: var(--error-color, #db4437);
    --bitaxe-accent: var(--primary-color, #009ac7);
    /* As text on the card or on a tint of it, whatever the theme: at least 4.5 : 1. */
    --bitaxe-accent-text: color-mix(
      in srgb,
      var(--primary-color, #009ac7) 55%,
      var(--primary-text-color, #141414)
    );
    --bitaxe-danger: color-mix(
      in srgb,
      var(--error-color, #db4437) 70%,
      var(--primary-text-color, #141414)
    );
    --bitaxe-off: var(--disabled-color, #bdbdbd);
    --bitaxe-track: color-mix(
      in srgb,
      var(--primary-text-color, #141414) 10%,
      transparent
    );
    font-variant-numeric: tabular-nums;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .good {
    color: var(--bitaxe-good);
  }
  .warn {
    color: var(--bitaxe-warn);
  }
  .bad {
    color: var(--bitaxe-bad);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .message {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 16px;
    color: var(--secondary-text-color);
  }
  :focus-visible {
    outline: 2px solid var(--bitaxe-accent);
    outline-offset: 2px;
  }
  /* Where the system chooses all colours: what says something by its background. */
  @media (forced-colors: active) {
    .bar,
    .track,
    .legend i,
    input[type="range"] {
      forced-color-adjust: none;
    }
    [aria-pressed="true"] {
      forced-color-adjust: none;
      color: HighlightText !important;
      background: Highlight !important;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** A card: as high as its place, where that has a height. */
export const cardStyles = [
  baseStyles,
  css`
    :host {
      height: 100%;
    }
    ha-card {
      box-sizing: border-box;
      height: 100%;
      /* In a place that is too low for it, a card scrolls rather than loses its end. */
      overflow: hidden auto;
      color: var(--primary-text-color);
      font-size: var(--ha-font-size-m, 14px);
      line-height: var(--ha-line-height-condensed, 1.25);
    }
  `,
];

/** Buttons: `filled`, `tonal`, `text` and `danger`. */
export const buttonStyles = css`
  button {
    min-height: 40px;
    padding: 0 16px;
    border: none;
    border-radius: var(--ha-border-radius-pill, 9999px);
    font: inherit;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: var(--ha-font-weight-medium, 500);
    color: var(--primary-text-color);
    background: none;
    cursor: pointer;
  }
  /* Seen where the system chooses all colours. */
  button:is(.filled, .tonal, .text, .danger) {
    border: 1px solid transparent;
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color, #009ac7);
    outline-offset: 2px;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  button.filled {
    color: var(--card-background-color, #fff);
    background: var(--bitaxe-accent-text);
  }
  button.danger {
    color: var(--card-background-color, #fff);
    background: var(--bitaxe-danger);
  }
  button.tonal {
    color: var(--bitaxe-accent-text);
    background: color-mix(in srgb, var(--primary-color, #009ac7) 14%, transparent);
  }
  button.text {
    color: var(--bitaxe-accent-text);
  }
`;
