/** What Home Assistant calls the states, reasons and profiles of a search. */

import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { loadProfileNames } from "../../../lib/profiles";
import { translate } from "../../../lib/reasons";
import type { TuningMiner } from "../../../lib/tuning";

/** What is shown of them, in the language of Home Assistant. */
export class TuningWords {
  /** Why no search can begin. */
  obstacle = "";
  /** What Home Assistant calls profiles that are not a person's own. */
  profileNames: Partial<Record<string, string>> = {};
  private words: Partial<Record<string, string>> = {};

  /** `host` is rendered anew once they are there. */
  constructor(private readonly host: { hass: HomeAssistant; requestUpdate(): void }) {}

  /** Loads what Home Assistant calls states and reasons. */
  async load(miner: TuningMiner): Promise<void> {
    const { hass } = this.host;
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
    this.host.requestUpdate();
  }

  private async loadProfileNames(miner: TuningMiner): Promise<void> {
    const unknown = [
      ...miner.profiles.map(({ name }) => name),
      ...[miner.soak_test, miner.soak_report].flatMap((test) => test?.profile ?? []),
    ].filter((name) => this.profileNames[name] === undefined);
    if (unknown.length > 0) {
      const found = await loadProfileNames(this.host.hass, unknown);
      this.profileNames = { ...this.profileNames, ...found };
    }
  }

  /** Names the soak test of a profile. */
  soakTest(profile: string): string {
    return localize(this.host.hass, "tuning.soak", {
      profile: this.profileNames[profile] ?? profile,
    });
  }

  /** Names the state of a miner's search. */
  state(state: string): string {
    return this.words[`state.${state}`] ?? "";
  }

  reason(reason: string | null): string {
    return reason === null
      ? ""
      : (this.words[`state_attributes.reason.state.${reason}`] ?? "");
  }
}
