/** Stand-ins for the few elements of Home Assistant that the cards use. */

import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import type { FormField, HomeAssistant } from "../src/lib/hass";

class Card extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      box-sizing: border-box;
      border: 1px solid var(--divider-color);
      border-radius: var(--ha-card-border-radius);
      background: var(--ha-card-background, var(--card-background-color));
    }
  `;
  override render() {
    return html`<slot></slot>`;
  }
}

interface IconParts {
  parts: { start?: string; file: string }[];
}

const load = <T>(path: string): Promise<T> =>
  fetch(path).then((response) => response.json() as Promise<T>);
let metadata: Promise<IconParts> | undefined;
const parts = new Map<string, Promise<Record<string, string>>>();

/** The outline of a Material Design icon, as Home Assistant ships it. */
async function iconPath(icon: string): Promise<string | undefined> {
  const name = icon.replace("mdi:", "");
  metadata ??= load<IconParts>("/mdi/iconMetadata.json");
  const part = (await metadata).parts.findLast(
    ({ start }) => start === undefined || name >= start,
  );
  if (part === undefined) {
    return undefined;
  }
  let icons = parts.get(part.file);
  if (icons === undefined) {
    icons = load(`/mdi/${part.file}.json`);
    parts.set(part.file, icons);
  }
  return (await icons)[name];
}

class Icon extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      vertical-align: middle;
      width: var(--mdc-icon-size, 24px);
      height: var(--mdc-icon-size, 24px);
    }
  `;
  @property() icon?: string;
  @state() private path = "";
  private shown?: string;
  override willUpdate() {
    if (this.icon !== undefined && this.icon !== this.shown) {
      this.shown = this.icon;
      void this.load(this.icon);
    }
  }
  private async load(icon: string) {
    const path = await iconPath(icon);
    if (path === undefined) {
      console.error(`There is no icon ${icon}`);
    }
    this.path = path ?? "";
  }
  override render() {
    return html`<svg viewBox="0 0 24 24" fill="currentColor">
      <path d=${this.path}></path>
    </svg>`;
  }
}

/** Shows which fields an editor has; text and numbers only can be changed. */
class Form extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @property({ attribute: false }) data: Record<string, unknown> = {};
  @property({ attribute: false }) schema: readonly FormField[] = [];
  @property({ attribute: false }) computeLabel?: (field: FormField) => string;
  @property({ attribute: false }) computeHelper?: (field: FormField) => string;
  override render() {
    return html`${this.schema.map((field) => this.renderField(field))}`;
  }
  private renderField(field: FormField): unknown {
    return html`<div style="padding: 8px 0">
      <b>${this.computeLabel?.(field) ?? field.name}</b>
      <code>${JSON.stringify(field.selector ?? field.type)}</code>
      <code>${JSON.stringify(this.data[field.name])}</code>
      <div>${this.computeHelper?.(field)}</div>
      ${field.schema?.map((child) => this.renderField(child))}
    </div>`;
  }
}

customElements.define("ha-card", Card);
customElements.define("ha-icon", Icon);
customElements.define("ha-form", Form);
