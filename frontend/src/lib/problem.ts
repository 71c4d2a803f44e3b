/** The box that says what went wrong. */

import { css, html, nothing, type TemplateResult } from "lit";

export const problemStyles = css`
  .problem {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--bitaxe-bad) 14%, transparent);
  }
  .problem span {
    flex: 1;
  }
  .problem ha-icon {
    flex: none;
    color: var(--bitaxe-bad);
  }
`;

/** A problem in words, and what somebody can do about it; nothing without a problem. */
export const renderProblem = (
  text: string,
  action: TemplateResult | typeof nothing = nothing,
  icon = "mdi:alert-circle-outline",
): TemplateResult | typeof nothing =>
  text === ""
    ? nothing
    : html`<div class="problem" role="alert">
        <ha-icon icon=${icon}></ha-icon>
        <span>${text}</span>
        ${action}
      </div>`;
