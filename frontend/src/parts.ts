/**
 * What is loaded only where a dashboard is made or edited, or a miner is looked at: every
 * page of Home Assistant loads the rest.
 */

import "./cards/efficiency/view";
import "./cards/miner/controls";
import "./cards/miner/trend-view";
import "./cards/miner/view";
import "./chart/map";
import "./chart/trend";
import { define } from "./lib/register";
import { StrategyEditor } from "./strategy/editor";

export { efficiencyForm } from "./cards/efficiency/form";
export { minerForm } from "./cards/miner/form";
export { summaryForm } from "./cards/summary/form";
export { swarmForm } from "./cards/swarm/form";
export { makeDashboard } from "./strategy/make";

export const EDITOR = "bitaxe-strategy-editor";

define(EDITOR, StrategyEditor);
