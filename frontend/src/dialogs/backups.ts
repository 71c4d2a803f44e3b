/** The settings of a miner as they were, how they differ from now, and back to them. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";

import { callBitaxe } from "../lib/actions";
import { expectedChanges, type Outcome } from "../lib/bulk";
import { problemStyles, renderProblem } from "../lib/problem";
import { change } from "../lib/changes";
import { download } from "../lib/download";
import { formatTime } from "../lib/format";
import { changeText, settingName } from "../lib/timeline-text";
import { localize, localizeDynamic } from "../lib/i18n";
import type { Miner } from "../lib/model";
import { explain } from "../lib/reasons";
import { define } from "../lib/register";
import { Modal, modalStyles } from "./modal";
import { outcomeList, outcomeStyles } from "./outcomes";

export const BACKUPS_DIALOG = "bitaxe-backups-dialog";

interface Backup {
  id: string;
  /** Unix time. */
  time: number;
  reason: string;
  hardware: Record<string, unknown>;
  firmware: string | null;
  settings: Record<string, unknown>;
  /** By setting, what it is and what the backup has. */
  differences: Record<string, [unknown, unknown]>;
  /** What the miner cannot take, or must not. */
  left_out: string[];
}

/** A pool is one setting, whose address, user and encryption are shown one by one. */
const settingOf = (name: string): string => name.replace(/_pool_(user|tls)$/, "_pool");

class BackupsDialog extends Modal {
  @property() device = "";
  @property({ attribute: false }) miner!: Miner;
  /** Other miners, of which a new or replaced board may get the settings. */
  @property({ attribute: false }) sources: readonly (readonly [string, Miner])[] = [];
  @state() private source: string | undefined;
  @state() private backups: readonly Backup[] | undefined;
  /** The one that is looked at. */
  @state() private backup: Backup | undefined;
  /** What restoring all of it would do, and afterwards what restoring has done. */
  @state() private outcome: Outcome | undefined;
  /** Settings that stay as they are. */
  @state() private spared: ReadonlySet<string> = new Set();
  @state() private phase: "choose" | "work" | "over" = "choose";
  @state() private said = "";
  @state() private problem = "";
  @query("#file") private file!: HTMLInputElement;

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.load();
  }

  private get adopts(): boolean {
    return this.source !== undefined && this.source !== this.device;
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.problem = "";
    try {
      await action();
    } catch (error) {
      this.problem = await explain(this.hass, error);
    }
  }

  private load(): Promise<void> {
    const of = this.source ?? this.device;
    return this.attempt(async () => {
      const { backups } = await this.hass.connection.sendMessagePromise<{
        backups: Backup[];
      }>({ type: "bitaxe/backups", device_id: of } as { type: string });
      if (of === (this.source ?? this.device)) this.backups = backups;
    });
  }

  private async restore(data: Record<string, unknown>): Promise<void> {
    const [outcome] = await change(this.hass, "restore_backup", {
      device_id: [this.device],
      backup_id: this.backup?.id,
      ...(this.adopts ? { source: this.source } : {}),
      ...data,
    });
    this.outcome = outcome;
  }

  private look(backup: Backup): Promise<void> {
    this.backup = backup;
    this.outcome = undefined;
    this.spared = new Set();
    this.phase = "choose";
    this.said = "";
    return this.attempt(() => this.restore({ preview: true }));
  }

  private readonly start = async (): Promise<void> => {
    const settings = this.differing.filter((name) => !this.spared.has(name));
    const shown = this.outcome;
    this.phase = "work";
    const expected = expectedChanges(shown === undefined ? [] : [shown]);
    await this.attempt(() => this.restore({ settings, expected_changes: expected }));
    this.phase = this.problem ? "choose" : "over";
    if (this.problem) this.outcome = shown;
    else void this.load();
  };

  private readonly back = (): void => {
    this.backup = undefined;
    this.problem = "";
  };

  private readonly export = (): void => {
    const { backup, miner, sources, source } = this;
    if (backup === undefined) return;
    const { id, time, reason, hardware, firmware, settings } = backup;
    const kept = { id, time, reason, hardware, firmware, settings };
    const of = sources.find(([device]) => device === source)?.[1] ?? miner;
    const day = new Date(time * 1000).toISOString().slice(0, 10);
    download(
      new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" }),
      `${of.name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}-backup-${day}.json`,
    );
  };

  private readonly import = async (): Promise<void> => {
    const [file] = this.file.files ?? [];
    if (file === undefined) return;
    this.said = "";
    await this.attempt(async () => {
      await callBitaxe(this.hass, "import_backup", {
        device_id: [this.device],
        backup: await file.text(),
      });
      this.source = undefined;
      this.said = localize(this.hass, "backups.imported");
      await this.load();
    });
    this.file.value = "";
  };

  protected override heading(): string {
    return localize(this.hass, "backups.title", { name: this.miner.name });
  }

  protected override body(): TemplateResult {
    const { hass, backup } = this;
    return html`
      ${backup === undefined ? this.list() : this.detail(backup)}
      ${renderProblem(this.problem)}
      <p class="secondary" role="status">
        ${
          this.phase === "work"
            ? localize(hass, "miner.control.pending")
            : backup === undefined
              ? this.said
              : ""
        }
      </p>
    `;
  }

  private list(): TemplateResult {
    const { hass, backups, sources } = this;
    return html`
      <p>${localize(hass, "backups.text")}</p>
      ${
        sources.length === 0
          ? nothing
          : html`<div class="field">
              <label for="source">${localize(hass, "backups.source")}</label>
              <select
                id="source"
                @change=${(event: Event) => {
                  this.source = (event.target as HTMLSelectElement).value;
                  this.backups = undefined;
                  this.said = "";
                  void this.load();
                }}
              >
                ${[[this.device, this.miner] as const, ...sources].map(
                  ([id, { name }]) =>
                    html`<option
                      value=${id}
                      ?selected=${id === (this.source ?? this.device)}
                    >
                      ${name}
                    </option>`,
                )}
              </select>
            </div>`
      }
      ${
        backups === undefined
          ? nothing
          : backups.length === 0
            ? html`<p class="secondary">${localize(hass, "backups.empty")}</p>`
            : html`<ul>
                ${backups.map((backup) => this.row(backup))}
              </ul>`
      }
    `;
  }

  private row(backup: Backup): TemplateResult {
    const { hass } = this;
    const count = new Set(Object.keys(backup.differences).map(settingOf)).size;
    const details = [
      this.reason(backup),
      // How another miner differs from its own backup says nothing about this one.
      this.adopts
        ? ""
        : count === 0
          ? localize(hass, "backups.same")
          : localize(hass, "backups.differences", { count }),
    ];
    return html`<li>
      <button class="backup" @click=${() => void this.look(backup)}>
        <span>${formatTime(hass, backup.time)}</span>
        <span class="secondary">${details.filter(Boolean).join(" · ")}</span>
      </button>
    </li>`;
  }

  private reason({ reason }: Backup): string {
    return localizeDynamic(this.hass, `backups.reason.${reason}`, "");
  }

  /** Settings that restoring would change. */
  private get differing(): string[] {
    return [...new Set(Object.keys(this.outcome?.changes ?? {}).map(settingOf))];
  }

  private detail(backup: Backup): TemplateResult {
    const { hass, outcome, phase } = this;
    const names = this.differing;
    const left = backup.left_out.map((name) => settingName(hass, name));
    return html`
      <p>
        <b>${formatTime(hass, backup.time)}</b>
        <span class="secondary">
          ${[this.reason(backup), backup.firmware].filter(Boolean).join(" · ")}
        </span>
      </p>
      ${
        outcome === undefined
          ? nothing
          : phase === "over" || outcome.result === "refused"
            ? outcomeList(hass, [outcome])
            : names.length === 0
              ? html`<p>${localize(hass, "backups.nothing")}</p>`
              : html`<fieldset ?disabled=${phase === "work"}>
                  <legend>${localize(hass, "backups.choose")}</legend>
                  ${names.map((name) => this.choice(name, outcome.changes ?? {}))}
                </fieldset>`
      }
      ${
        phase === "over"
          ? nothing
          : html`
              ${[
                this.adopts ? localize(hass, "backups.other_board") : "",
                !this.adopts && left.length > 0
                  ? localize(hass, "backups.left_out", { names: left.join(", ") })
                  : "",
                names.some((name) => name.endsWith("_pool"))
                  ? localize(hass, "backups.password")
                  : "",
                outcome?.restart ? localize(hass, "backups.restarts") : "",
              ]
                .filter(Boolean)
                .map((text) => html`<p class="hint">${text}</p>`)}
            `
      }
    `;
  }

  private choice(name: string, changes: Record<string, [unknown, unknown]>) {
    return html`<label class="check">
      <input
        type="checkbox"
        .checked=${!this.spared.has(name)}
        @change=${() => {
          const spared = new Set(this.spared);
          if (!spared.delete(name)) spared.add(name);
          this.spared = spared;
        }}
      />
      <span>
        ${Object.entries(changes)
          .filter(([key]) => settingOf(key) === name)
          .map(
            ([key, [now, then]]) =>
              html`<div>${changeText(this.hass, key, now, then)}</div>`,
          )}
      </span>
    </label>`;
  }

  protected override buttons(): TemplateResult {
    const { hass, backup, phase } = this;
    const close = html`<button class="text" @click=${this.close}>
      ${localize(hass, "bulk.close")}
    </button>`;
    if (backup === undefined) {
      return html`
        <input id="file" type="file" accept=".json" hidden @change=${this.import} />
        <button class="text" @click=${() => this.file.click()}>
          ${localize(hass, "backups.import")}
        </button>
        ${close}
      `;
    }
    const back = html`<button
      class="text"
      ?disabled=${phase === "work"}
      @click=${this.back}
    >
      ${localize(hass, "bulk.back")}
    </button>`;
    if (phase === "over") return html`${back}${close}`;
    const chosen = this.differing.some((name) => !this.spared.has(name));
    return html`
      ${back}
      <button class="text" @click=${this.export}>
        ${localize(hass, "backups.export")}
      </button>
      <button
        class="filled"
        ?disabled=${!chosen || phase === "work" || this.outcome?.result === "refused"}
        @click=${this.start}
      >
        ${localize(hass, "backups.restore")}
      </button>
    `;
  }

  static override styles = [
    ...modalStyles,
    problemStyles,
    outcomeStyles,
    css`
      ul {
        margin: 0 0 12px;
        padding: 0;
        list-style: none;
      }
      li + li {
        border-top: 1px solid var(--divider-color);
      }
      .backup {
        display: flex;
        flex-direction: column;
        gap: 2px;
        width: 100%;
        min-height: 44px;
        padding: 8px 4px;
        border: none;
        border-radius: 8px;
        font: inherit;
        color: inherit;
        text-align: start;
        background: none;
        cursor: pointer;
      }
      .backup:hover {
        background: var(--secondary-background-color);
      }
      .check span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      p:empty {
        margin: 0;
      }
    `,
  ];
}

define(BACKUPS_DIALOG, BackupsDialog);
