/** The search for the best setting of a miner: before, while, and after. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { applyConfiguration } from "../../../lib/actions";
import { pointColors, sharedStyles } from "../../../lib/card-styles";
import { problemStyles, renderProblem } from "../../../lib/problem";
import { confirm } from "../../../lib/confirm";
import { showToast } from "../../../lib/events";
import { formatTime } from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { Miner, OperatingPoint } from "../../../lib/model";
import { isSamePoint, operatingPointOf, pointName } from "../../../lib/operating-point";
import { explain } from "../../../lib/reasons";
import { define } from "../../../lib/register";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import {
  saveProfile,
  startOf,
  stopTuning,
  TuningFeed,
  type TuningData,
  type TuningMiner,
  type TuningReport,
  type TuningRunning,
  type TuningSoakTest,
} from "../../../lib/tuning";
import type { Other } from "./form";
import "./form";
import { makeTuningMap, type TuningMap } from "./map";
import { renderMap } from "./map-view";
import { renderBar, renderFacts } from "./progress";
import { gainWords, renderResult } from "./result";
import { renderSoakFacts, renderSoakVerdict } from "./soak";
import "./soak-form";
import { renderStopQuestion } from "./stop-question";
import { tuningStyles } from "./styles";
import { TuningWords } from "./words";

type Mode = "" | "form" | "soak" | "stop" | "result" | "profile";

export class MinerTuning extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) miner!: Miner;
  /** Other miners that the user may control. */
  @property({ attribute: false }) others: readonly Other[] = [];
  /** What is sent without a connection would be done whenever there is one again. */
  @property({ attribute: false }) connected = true;
  @state() private data: TuningData | undefined;
  @state() private mode: Mode = "";
  /** Which of the last runs is shown, the latest first. */
  @state() private shown = 0;
  /** What is said of the point on the map that somebody points at. */
  @state() private pointed = -1;
  @state() private pending = false;
  @state() private problem = "";
  /** What is to be kept as a profile: the setting when somebody was asked for a name. */
  @state() private kept: OperatingPoint | null = null;
  private readonly words = new TuningWords(this);
  private feed: TuningFeed | undefined;
  private wasRunning = false;
  private wasSoaking = false;
  private started: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed?.stop();
    this.feed = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.isConnected && this.feed?.device !== this.device) {
      this.feed?.stop();
      this.data = undefined;
      this.mode = this.problem = "";
      this.wasRunning = false;
      this.feed = new TuningFeed(this.hass, this.device, (data) => {
        this.data = data;
      });
      this.feed.start();
    }
    if (changed.has("data")) {
      this.followRun();
      if (this.data?.miner !== undefined) {
        void this.words.load(this.data.miner);
      }
    }
    this.hidden = !this.miner.can_control && !this.hasSomethingToShow;
  }

  /** Whether there is more to see than what may be done. */
  private get hasSomethingToShow(): boolean {
    const miner = this.data?.miner;
    return (
      miner != null &&
      (miner.run ?? miner.soak_test ?? miner.reports[0] ?? miner.soak_report) != null
    );
  }

  /** Shows the result of a run that ended before somebody's eyes. */
  private followRun(): void {
    const miner = this.data?.miner;
    const running = miner != null && (miner.run ?? miner.soak_test) !== null;
    if (this.wasRunning && !running && miner !== undefined) {
      this.mode = this.wasSoaking ? "" : "result";
      this.shown = 0;
    } else if (running && ["form", "soak", "result"].includes(this.mode)) {
      this.mode = "";
    }
    const started = startOf(miner);
    if (started !== this.started && this.mode === "stop") {
      // It was asked of another run, which ended while nothing could be seen.
      this.mode = "";
    }
    this.started = started;
    if (running !== this.wasRunning) {
      this.pointed = -1;
      this.problem = "";
    }
    if (miner !== undefined) {
      this.wasRunning = running;
      this.wasSoaking = miner.soak_test !== null;
    }
  }

  override render() {
    const miner = this.data?.miner;
    if (miner === undefined) {
      return this.head("", nothing);
    }
    return html`<div class="tuning">
      ${
        miner.run !== null
          ? this.running(miner, miner.run)
          : miner.soak_test !== null
            ? this.soaking(miner, miner.soak_test)
            : this.idle(miner)
      }
    </div>`;
  }

  private head(subtitle: unknown, buttons: unknown, title = "") {
    return html`<div class="head">
      <div>
        <h3>${title || localize(this.hass, "tuning.title")}</h3>
        <div class="secondary">${subtitle}</div>
      </div>
      ${buttons}
    </div>`;
  }

  // Before and after

  private idle(miner: TuningMiner) {
    const { hass } = this;
    const [last] = miner.reports;
    const summary =
      last === undefined
        ? localize(hass, "tuning.about")
        : [
            this.words.reason(last.reason),
            gainWords(hass, last),
            formatTime(hass, last.ended),
          ]
            .filter(Boolean)
            .join(" · ");
    const show = this.mode === "result" || this.mode === "profile";
    const buttons = html`<span class="choices">
      ${
        last === undefined
          ? nothing
          : html`<button
              class="text"
              aria-expanded=${show}
              @click=${() => this.choose(show ? "" : "result")}
            >
              ${localize(hass, show ? "tuning.hide_result" : "tuning.show_result")}
            </button>`
      }
      ${
        miner.can_control && miner.profiles.length > 0 && this.mode !== "soak"
          ? html`<button
              class="text"
              ?disabled=${miner.obstacle !== null || !this.connected}
              title=${this.words.obstacle}
              @click=${() => this.choose("soak")}
            >
              ${localize(hass, "tuning.soak_start")}
            </button>`
          : nothing
      }
      ${
        miner.can_control && this.mode !== "form"
          ? html`<button
              class="tonal"
              ?disabled=${miner.obstacle !== null || !this.connected}
              title=${this.words.obstacle}
              @click=${() => this.choose("form")}
            >
              <ha-icon icon="mdi:tune-variant"></ha-icon>
              ${localize(hass, "tuning.find")}
            </button>`
          : nothing
      }
    </span>`;
    return html`
      ${this.head(
        html`${summary}${
          miner.can_control && this.words.obstacle
            ? html`<br />${this.words.obstacle}`
            : nothing
        }`,
        buttons,
      )}
      ${renderProblem(this.problem)}
      ${
        this.mode === "form"
          ? html`<bitaxe-tuning-form
              .hass=${hass}
              .device=${this.device}
              .others=${this.others}
              .ranges=${this.data?.ranges ?? {}}
              .connected=${this.connected}
              @cancel=${() => this.choose("")}
              @tuning-started=${() => this.choose("")}
            ></bitaxe-tuning-form>`
          : nothing
      }
      ${
        this.mode === "soak"
          ? html`<bitaxe-soak-form
              .hass=${hass}
              .device=${this.device}
              .profiles=${miner.profiles}
              .names=${this.words.profileNames}
              .profile=${
                miner.profiles.find((item) => isSamePoint(item, this.present))?.name ??
                ""
              }
              .range=${this.data?.ranges.hours}
              .connected=${this.connected}
              @cancel=${() => this.choose("")}
              @soak-started=${() => this.choose("")}
            ></bitaxe-soak-form>`
          : nothing
      }
      ${show ? this.result(miner) : nothing}
      ${
        miner.soak_report === null
          ? nothing
          : renderSoakVerdict(hass, this.words, miner.soak_report)
      }
    `;
  }

  private soaking(miner: TuningMiner, test: TuningSoakTest) {
    const { hass } = this;
    return html`
      ${this.head(
        pointName(hass, test),
        this.stopButton(miner),
        this.words.soakTest(test.profile),
      )}
      ${
        this.mode === "stop"
          ? this.stopQuestion(test, test, "tuning.keep_profile")
          : nothing
      }
      ${renderProblem(this.problem)} ${renderBar(hass, this.words, miner, test)}
      ${renderSoakFacts(hass, test)}
    `;
  }

  private stopButton(miner: TuningMiner) {
    return miner.can_control && this.mode !== "stop"
      ? html`<button
          class="tonal"
          ?disabled=${this.pending || !this.connected}
          @click=${() => this.choose("stop")}
        >
          <ha-icon icon="mdi:stop"></ha-icon>${localize(this.hass, "tuning.stop")}
        </button>`
      : nothing;
  }

  private choose(mode: Mode): void {
    this.mode = mode;
    this.problem = "";
    this.pointed = -1;
  }

  private result(miner: TuningMiner) {
    const report = miner.reports[this.shown] ?? miner.reports[0];
    if (report === undefined) {
      return nothing;
    }
    const { hass } = this;
    const name = ({ ended, goal }: TuningReport): string =>
      localize(hass, "tuning.ended", {
        time: formatTime(hass, ended),
        goal: localize(hass, `tuning.goals.${goal}`),
      });
    return html`
      ${
        miner.reports.length > 1
          ? html`<select
              aria-label=${localize(hass, "tuning.results")}
              @change=${(event: Event) => {
                this.shown = (event.target as HTMLSelectElement).selectedIndex;
                this.pointed = -1;
              }}
            >
              ${miner.reports.map(
                (item, index) =>
                  html`<option ?selected=${index === this.shown}>
                    ${name(item)}
                  </option>`,
              )}
            </select>`
          : nothing
      }
      <div class="columns">
        ${this.map(makeTuningMap(hass, report), false)}
        ${renderResult(hass, report, this.words.reason(report.reason))}
      </div>
      ${miner.can_control ? this.actions(report) : nothing}
    `;
  }

  /** What the miner runs at. */
  private get present(): OperatingPoint | null {
    return operatingPointOf(this.miner);
  }

  private actions(report: TuningReport) {
    const { hass, present } = this;
    const idle = !this.pending && this.miner.online && this.connected;
    const best = report.best && !isSamePoint(report.best, present) ? report.best : null;
    const before = isSamePoint(report.original, present) ? null : report.original;
    return html`
      <div class="actions">
        ${
          best === null
            ? nothing
            : html`<button
                class="filled"
                ?disabled=${!idle}
                @click=${() => void this.apply(best, "tuning.apply_title")}
              >
                ${localize(hass, "tuning.apply", { setting: pointName(hass, best) })}
              </button>`
        }
        ${
          before === null || isSamePoint(before, best)
            ? nothing
            : html`<button
                class="tonal"
                ?disabled=${!idle}
                @click=${() => void this.apply(before, "tuning.undo_title")}
              >
                ${localize(hass, "tuning.undo", { setting: pointName(hass, before) })}
              </button>`
        }
        ${
          this.mode === "profile"
            ? nothing
            : html`<button
                class="text"
                ?disabled=${!idle || present === null}
                @click=${() => {
                  this.kept = present;
                  this.choose("profile");
                }}
              >
                ${localize(hass, "tuning.profile")}
              </button>`
        }
      </div>
      ${
        this.mode === "profile" && this.kept !== null
          ? html`<form class="save" @submit=${this.save}>
              <p>
                ${localize(hass, "tuning.profile_setting", {
                  setting: pointName(hass, this.kept),
                })}
              </p>
              <label>
                ${localize(hass, "tuning.profile_name")}
                <input name="profile" maxlength="40" required autocomplete="off" />
              </label>
              <button type="button" class="text" @click=${() => this.choose("result")}>
                ${localize(hass, "common.cancel")}
              </button>
              <button class="filled" ?disabled=${!idle}>
                ${localize(hass, "tuning.save")}
              </button>
            </form>`
          : nothing
      }
    `;
  }

  private async apply(
    point: OperatingPoint,
    title: "tuning.apply_title" | "tuning.undo_title",
  ): Promise<void> {
    const { hass, present } = this;
    const { name } = this.miner;
    const setting = pointName(hass, point);
    const sure = await confirm(hass, {
      title: localize(hass, title, { name, setting }),
      text: localize(hass, "tuning.apply_text"),
      confirm: localize(hass, "miner.control.apply"),
    });
    if (
      sure &&
      (await this.send(() =>
        applyConfiguration(hass, this.device, point, present ?? {}),
      ))
    ) {
      showToast(this, localize(hass, "tuning.applied", { name, setting }));
    }
  }

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { hass, device, kept } = this;
    const form = event.target as HTMLFormElement;
    const input = form.elements.namedItem("profile") as HTMLInputElement;
    const name = input.value.trim();
    if (!name || kept === null) return;
    if (await this.send(() => saveProfile(hass, device, name, kept))) {
      this.choose("result");
      const setting = pointName(hass, kept);
      showToast(this, localize(hass, "tuning.profile_saved", { name, setting }));
    } else {
      // If it has changed meanwhile, the next attempt is about what is shown then.
      this.kept = this.present;
    }
  };

  // While it goes on

  private running(miner: TuningMiner, run: TuningRunning) {
    const { hass } = this;
    const goal = localize(hass, `tuning.goals.${run.goal}`);
    const { best } = run;
    return html`
      ${this.head(
        html`${localize(hass, "tuning.goal")}: ${goal}`,
        this.stopButton(miner),
        localize(hass, "tuning.searching"),
      )}
      ${
        this.mode === "stop"
          ? this.stopQuestion(run, best, "tuning.keep_best")
          : nothing
      }
      ${renderProblem(this.problem)} ${renderBar(hass, this.words, miner, run)}
      <div class="columns">
        ${this.map(makeTuningMap(hass, run), true)} ${renderFacts(hass, run)}
      </div>
    `;
  }

  private stopQuestion(
    { original, started }: TuningRunning | TuningSoakTest,
    best: OperatingPoint | null,
    bestKey: "tuning.keep_best" | "tuning.keep_profile",
  ) {
    const { hass } = this;
    return renderStopQuestion(hass, {
      original,
      best,
      bestKey,
      disabled: this.pending || !this.connected,
      keep: (what) => {
        void this.send(() => stopTuning(hass, this.device, what, started)).then(
          (done) => {
            if (done) this.choose("result");
          },
        );
      },
      goOn: () => {
        this.choose("");
      },
    });
  }

  private map(drawn: TuningMap | undefined, running: boolean) {
    const { hass, pointed } = this;
    return renderMap(hass, drawn, {
      name: this.miner.name,
      running,
      pointed,
      point: (index) => {
        this.pointed = index;
      },
    });
  }

  /** Waits for what Home Assistant, which asks the miner, says. */
  private async send(action: () => Promise<unknown>): Promise<boolean> {
    const { device } = this;
    this.pending = true;
    this.problem = "";
    let problem = "";
    try {
      await action();
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (this.device !== device) {
      // The card shows another miner by now.
      return false;
    }
    this.pending = false;
    this.problem = problem;
    return problem === "";
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    pointColors,
    tuningStyles,
  ];
}

define("bitaxe-miner-tuning", MinerTuning);
