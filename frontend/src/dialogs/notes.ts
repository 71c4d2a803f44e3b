/** What people wrote about a miner. */

import { css, html, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";

import { callBitaxe } from "../lib/actions";
import { problemStyles, renderProblem } from "../lib/problem";
import { formatTime } from "../lib/format";
import { fetchTimeline } from "../lib/history";
import { localize } from "../lib/i18n";
import type { TimelineItem } from "../lib/model";
import { explain } from "../lib/reasons";
import { define } from "../lib/register";
import { Modal, modalStyles } from "./modal";

export const NOTES_DIALOG = "bitaxe-notes-dialog";

/** Characters of a note at most. */
const LONGEST = 500;

class NotesDialog extends Modal {
  @property() device = "";
  @property() name = "";
  @state() private notes: readonly TimelineItem[] | undefined;
  @state() private problem = "";
  @state() private busy = false;
  @query("#text") private text!: HTMLInputElement;
  @query("#time") private time!: HTMLInputElement;

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const { items } = await fetchTimeline(this.hass, "all", {
        devices: [this.device],
        kinds: ["note"],
        seconds: 0,
      });
      this.notes = items;
    } catch (error) {
      this.problem = await explain(this.hass, error);
    }
  }

  private async act(action: string, data: Record<string, unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = "";
    try {
      await callBitaxe(this.hass, action, { device_id: [this.device], ...data });
      await this.load();
      return true;
    } catch (error) {
      this.problem = await explain(this.hass, error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  private readonly add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) {
      this.text.focus();
      return;
    }
    const time = this.time.value;
    const data = time ? { text, time: new Date(time).toISOString() } : { text };
    if (await this.act("add_note", data)) {
      this.text.value = this.time.value = "";
    }
  };

  protected override heading(): string {
    return localize(this.hass, "notes.title", { name: this.name });
  }

  protected override body(): TemplateResult {
    const { hass, notes, busy } = this;
    return html`
      <form @submit=${this.add}>
        <div class="field">
          <label for="text">${localize(hass, "notes.text")}</label>
          <input id="text" maxlength=${LONGEST} autocomplete="off" />
        </div>
        <div class="row">
          <div class="field">
            <label for="time">${localize(hass, "notes.time")}</label>
            <input id="time" type="datetime-local" />
          </div>
          <button class="tonal" ?disabled=${busy}>
            ${localize(hass, "notes.add")}
          </button>
        </div>
      </form>
      ${renderProblem(this.problem)}
      ${
        notes === undefined
          ? ""
          : notes.length === 0
            ? html`<p class="secondary">${localize(hass, "notes.empty")}</p>`
            : html`<ul>
                ${notes.map((note) => this.note(note))}
              </ul>`
      }
    `;
  }

  private note({ description, start, user, note_id: id }: TimelineItem) {
    const { hass } = this;
    const time = formatTime(hass, start);
    return html`<li>
      <div>
        ${description}
        <div class="secondary">
          ${[time, user ? localize(hass, "timeline.by.user", { name: user }) : ""]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      <button
        class="text"
        ?disabled=${this.busy}
        title=${localize(hass, "notes.delete_of", { time })}
        aria-label=${localize(hass, "notes.delete_of", { time })}
        @click=${() => void this.act("delete_note", { note_id: id })}
      >
        <ha-icon icon="mdi:delete-outline"></ha-icon>
      </button>
    </li>`;
  }

  protected override buttons(): TemplateResult {
    return html`<button class="text" @click=${this.close}>
      ${localize(this.hass, "bulk.close")}
    </button>`;
  }

  static override styles = [
    ...modalStyles,
    problemStyles,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        align-items: center;
        justify-content: flex-end;
        margin-bottom: 12px;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
        padding: 8px 0;
        border-top: 1px solid var(--divider-color);
        overflow-wrap: anywhere;
      }
      li button {
        flex: none;
      }
    `,
  ];
}

define(NOTES_DIALOG, NotesDialog);
