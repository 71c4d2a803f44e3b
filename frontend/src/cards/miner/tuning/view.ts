/** The search for the best setting of a miner: before, while, and after. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { applyConfiguration } from "../../../lib/actions";
import { problemStyles, sharedStyles } from "../../../lib/card-styles";
import { confirm } from "../../../lib/confirm";
import { showToast } from "../../../lib/events";
import {
  formatDuration,
  formatPower,
  formatTime,
  join,
  percent,
  withUnit,
} from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { Miner, OperatingPoint } from "../../../lib/model";
import { pointName } from "../../../lib/operating-point";
import { explain, translate } from "../../../lib/reasons";
import { define } from "../../../lib/register";
import { baseStyles, buttonStyles } from "../../../lib/styles";
import {
  saveProfile,
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
import { gainWords, limitWords, renderResult, trialFigures, wallsOf } from "./result";
import "./soak-form";
import { tuningStyles } from "./styles";

type Mode = "" | "form" | "soak" | "stop" | "result" | "profile";

const isSame = (a: OperatingPoint | null, b: OperatingPoint | null): boolean =>
  a !== null &&
  b !== null &&
  a.frequency_mhz === b.frequency_mhz &&
  a.core_voltage_mv === b.core_voltage_mv;

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
  @state() private obstacle = "";
  @state() private words: Partial<Record<string, string>> = {};
  /** What Home Assistant calls profiles that are not a person's own. */
  @state() private profileNames: Partial<Record<string, string>> = {};
  private feed: TuningFeed | undefined;
  private wasRunning = false;
  private wasSoaking = false;

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
      void this.loadWords();
    }
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
    if (running !== this.wasRunning) {
      this.pointed = -1;
      this.problem = "";
    }
    if (miner !== undefined) {
      this.wasRunning = running;
      this.wasSoaking = miner.soak_test !== null;
    }
  }

  /** Loads what Home Assistant calls states and reasons. */
  private async loadWords(): Promise<void> {
    const { hass } = this;
    const miner = this.data?.miner;
    if (miner === undefined) {
      return;
    }
    const reasons = [
      miner.reason,
      miner.soak_report?.reason ?? null,
      ...miner.reports.map(({ reason }) => reason),
    ];
    const prefix = "sensor.tuning.";
    const keys = [
      `state.${miner.state}`,
      ...reasons
        .filter((reason) => reason !== null)
        .map((reason) => `state_attributes.reason.state.${reason}`),
    ].filter((key) => this.words[key] === undefined);
    const found = await Promise.all(
      keys.map(async (key) => [
        key,
        await translate(hass, "entity", "bitaxe", prefix + key),
      ]),
    );
    if (found.length > 0) {
      this.words = {
        ...this.words,
        ...(Object.fromEntries(found) as Record<string, string>),
      };
    }
    await this.loadProfileNames(miner);
    this.obstacle =
      miner.obstacle === null
        ? ""
        : await translate(hass, "exceptions", "bitaxe", `${miner.obstacle}.message`);
  }

  private async loadProfileNames(miner: TuningMiner): Promise<void> {
    const { hass } = this;
    const unknown = [
      ...miner.profiles.map(({ name }) => name),
      ...[miner.soak_test, miner.soak_report].flatMap((test) => test?.profile ?? []),
    ].filter((name) => this.profileNames[name] === undefined);
    const found = await Promise.all(
      unknown.map(async (name) => [
        name,
        (await translate(hass, "entity", "bitaxe", `select.profile.state.${name}`)) ||
          name,
      ]),
    );
    if (found.length > 0) {
      this.profileNames = {
        ...this.profileNames,
        ...(Object.fromEntries(found) as Record<string, string>),
      };
    }
  }

  private soakName(profile: string): string {
    return localize(this.hass, "tuning.soak", {
      profile: this.profileNames[profile] ?? profile,
    });
  }

  private reasonName(reason: string | null): string {
    return reason === null
      ? ""
      : (this.words[`state_attributes.reason.state.${reason}`] ?? "");
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

  private failure() {
    return this.problem
      ? html`<div class="problem" role="alert">
          <ha-icon icon="mdi:alert-circle-outline"></ha-icon>
          <span>${this.problem}</span>
        </div>`
      : nothing;
  }

  // Before and after

  private idle(miner: TuningMiner) {
    const { hass } = this;
    const [last] = miner.reports;
    const summary =
      last === undefined
        ? localize(hass, "tuning.about")
        : [
            this.reasonName(last.reason),
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
              title=${this.obstacle}
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
              title=${this.obstacle}
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
          miner.can_control && this.obstacle ? html`<br />${this.obstacle}` : nothing
        }`,
        buttons,
      )}
      ${this.failure()}
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
              .names=${this.profileNames}
              .profile=${
                miner.profiles.find((item) => isSame(item, this.present))?.name ?? ""
              }
              .range=${this.data?.ranges.hours}
              .connected=${this.connected}
              @cancel=${() => this.choose("")}
              @soak-started=${() => this.choose("")}
            ></bitaxe-soak-form>`
          : nothing
      }
      ${show ? this.result(miner) : nothing} ${this.soakVerdict(miner)}
    `;
  }

  /** What the last soak test found. */
  private soakVerdict(miner: TuningMiner) {
    const report = miner.soak_report;
    if (report === null) {
      return nothing;
    }
    const { hass } = this;
    return html`<div class="soak secondary">
      <ha-icon
        class=${report.state}
        icon=${
          report.state === "finished"
            ? "mdi:check-circle-outline"
            : report.state === "failed"
              ? "mdi:alert-outline"
              : "mdi:stop-circle-outline"
        }
      ></ha-icon>
      <span
        >${this.soakName(report.profile)} ·
        ${[
          this.reasonName(report.reason),
          formatDuration(hass, report.seconds),
          formatTime(hass, report.ended),
        ]
          .filter(Boolean)
          .join(" · ")}</span
      >
    </div>`;
  }

  private soaking(miner: TuningMiner, test: TuningSoakTest) {
    const { hass } = this;
    const share = test.hashrate_share_percent;
    return html`
      ${this.head(
        pointName(hass, test),
        this.stopButton(miner),
        this.soakName(test.profile),
      )}
      ${
        this.mode === "stop"
          ? this.stopQuestion(test.original, test, "tuning.keep_profile")
          : nothing
      }
      ${this.failure()} ${this.bar(miner, test)}
      <dl>
        <dt>${localize(hass, "tuning.soak_share")}</dt>
        <dd>${share === null ? "–" : withUnit(hass, share, "%", 1)}</dd>
        <dt>${localize(hass, "miner.reading.power")}</dt>
        <dd>${formatPower(hass, test.power_w)}</dd>
        <dt>${localize(hass, "tuning.soak_errors")}</dt>
        <dd>${withUnit(hass, test.error_rate_percent, "%", 1)}</dd>
        <dt>${localize(hass, "tuning.before")}</dt>
        <dd>${pointName(hass, test.original)}</dd>
      </dl>
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

  private bar(
    miner: TuningMiner,
    { progress_percent, seconds_left }: TuningRunning | TuningSoakTest,
  ) {
    const { hass } = this;
    const progress = join(percent(hass, progress_percent));
    const status = [
      this.words[`state.${miner.state}`] ?? "",
      this.reasonName(miner.reason),
    ].filter(Boolean);
    return html`<div>
      <div
        class="bar"
        role="progressbar"
        aria-label=${localize(hass, "tuning.progress")}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${progress_percent}
      >
        <i style="width:${progress_percent}%"></i>
      </div>
      <div class="status secondary">
        <span>${status.join(": ")}</span>
        <span
          >${progress} ·
          ${localize(hass, "tuning.left", {
            duration: formatDuration(hass, Math.max(60, seconds_left)),
          })}</span
        >
      </div>
    </div>`;
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
        ${renderResult(hass, report, this.reasonName(report.reason))}
      </div>
      ${miner.can_control ? this.actions(report) : nothing}
    `;
  }

  /** What the miner runs at. */
  private get present(): OperatingPoint | null {
    const { frequency_mhz, core_voltage_mv } = this.miner;
    return frequency_mhz === null || core_voltage_mv === null
      ? null
      : { frequency_mhz, core_voltage_mv };
  }

  private actions(report: TuningReport) {
    const { hass, present } = this;
    const idle = !this.pending && this.miner.online && this.connected;
    const best = report.best && !isSame(report.best, present) ? report.best : null;
    const before = isSame(report.original, present) ? null : report.original;
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
          before === null || isSame(before, best)
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
                ?disabled=${!idle}
                @click=${() => this.choose("profile")}
              >
                ${localize(hass, "tuning.profile")}
              </button>`
        }
      </div>
      ${
        this.mode === "profile"
          ? html`<form class="save" @submit=${this.save}>
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
    const { hass, device } = this;
    const form = event.target as HTMLFormElement;
    const input = form.elements.namedItem("profile") as HTMLInputElement;
    const name = input.value.trim();
    if (name && (await this.send(() => saveProfile(hass, device, name)))) {
      this.choose("result");
      showToast(this, localize(hass, "tuning.profile_saved", { name }));
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
          ? this.stopQuestion(run.original, best, "tuning.keep_best")
          : nothing
      }
      ${this.failure()} ${this.bar(miner, run)}
      <div class="columns">
        ${this.map(makeTuningMap(hass, run), true)} ${this.facts(run)}
      </div>
    `;
  }

  private stopQuestion(
    original: OperatingPoint,
    best: OperatingPoint | null,
    bestKey: "tuning.keep_best" | "tuning.keep_profile",
  ) {
    const { hass } = this;
    const keep = (what: "best" | "original") => () =>
      void this.send(() => stopTuning(hass, this.device, what)).then((done) => {
        if (done) this.choose("result");
      });
    return html`<div class="ask" role="group" aria-labelledby="question">
      <span id="question">${localize(hass, "tuning.stop_question")}</span>
      <div class="actions">
        ${
          best === null || isSame(best, original)
            ? nothing
            : html`<button
                class="filled"
                ?disabled=${this.pending || !this.connected}
                @click=${keep("best")}
              >
                ${localize(hass, bestKey, {
                  setting: pointName(hass, best),
                })}
              </button>`
        }
        <button
          class="tonal"
          ?disabled=${this.pending || !this.connected}
          @click=${keep("original")}
        >
          ${localize(hass, "tuning.keep_original", {
            setting: pointName(hass, original),
          })}
        </button>
        <button class="text" @click=${() => this.choose("")}>
          ${localize(hass, "tuning.go_on")}
        </button>
      </div>
    </div>`;
  }

  private facts(run: TuningRunning) {
    const { hass } = this;
    const { best, now } = run;
    const walls = wallsOf(hass, run.trials);
    const limits = limitWords(hass, run.limits);
    const count = run.trials.length;
    return html`<div class="facts">
      <dl>
        <dt>${localize(hass, "tuning.now")}</dt>
        <dd>
          ${
            now === null
              ? "–"
              : html`<b>${pointName(hass, now)}</b>${
                    now.passing
                      ? html` <span class="secondary"
                          >${localize(hass, "tuning.passing")}</span
                        >`
                      : nothing
                  }`
          }
        </dd>
        <dt>${localize(hass, "tuning.best_so_far")}</dt>
        <dd>
          ${
            best === null
              ? localize(hass, "tuning.no_best")
              : html`<b>${pointName(hass, best)}</b>
                  <div>${trialFigures(hass, best)}</div>
                  <div class="secondary">${gainWords(hass, run)}</div>`
          }
        </dd>
        <dt>${localize(hass, "tuning.before")}</dt>
        <dd>${pointName(hass, run.original)}</dd>
        <dt>${localize(hass, "tuning.limits_short")}</dt>
        <dd>${limits.join(" · ") || "–"}</dd>
        ${
          walls.length === 0
            ? nothing
            : html`<dt>${localize(hass, "tuning.walls")}</dt>
                <dd>
                  <ul>
                    ${walls.map((wall) => html`<li>${wall}</li>`)}
                  </ul>
                </dd>`
        }
      </dl>
      <div class="secondary">
        ${
          count === 1
            ? localize(hass, "tuning.tried_one")
            : localize(hass, "tuning.tried", { count })
        }
        ${
          run.room_temperature_c === null
            ? nothing
            : html`·
              ${localize(hass, "tuning.room", {
                temperature: `${run.room_temperature_c} °C`,
              })}`
        }
      </div>
    </div>`;
  }

  private map(drawn: TuningMap | undefined, running: boolean) {
    const { hass } = this;
    const name = this.miner.name;
    if (drawn === undefined) {
      return html`<div class="map">
        <div class="none secondary">${localize(hass, "tuning.no_best")}</div>
      </div>`;
    }
    return html`<div class="map">
      <div class="legend secondary" aria-hidden="true">
        <span><i class="best"></i>${localize(hass, "tuning.best")}</span>
        <span
          ><i class="now"></i
          >${localize(hass, running ? "tuning.now" : "tuning.before")}</span
        >
        <span><i></i>${localize(hass, "tuning.tried_point")}</span>
        <span><i class="wall">×</i>${localize(hass, "tuning.wall")}</span>
      </div>
      <bitaxe-map-chart
        .map=${drawn.map}
        .selected=${-1}
        .label=${localize(hass, "tuning.map_label", { name })}
        @point-selected=${(event: CustomEvent<{ index: number }>) =>
          (this.pointed = event.detail.index)}
      ></bitaxe-map-chart>
      <div class="words secondary">
        ${drawn.words[this.pointed] ?? localize(hass, "tuning.map_hint")}
      </div>
    </div>`;
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
    tuningStyles,
  ];
}

define("bitaxe-miner-tuning", MinerTuning);
