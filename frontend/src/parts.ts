/**
 * What is loaded only where a dashboard is made or edited, or a miner is looked at: every
 * page of Home Assistant loads the rest.
 */

import "./lib/learn-parts";
import "./cards/block-banner";
import "./cards/comparison/view";
import "./cards/efficiency/view";
import "./cards/miner/controls";
import "./cards/miner/trend-view";
import "./cards/miner/tuning/view";
import "./cards/miner/view";
import "./cards/power-target";
import "./cards/records-card";
import "./cards/steps-card";
import "./cards/swarm/tools/selection";
import "./cards/swarm/tools/tools";
import "./cards/timeline/view";
import "./cards/uptime-bar";
import "./chart/map";
import "./chart/trend";
import { define } from "./lib/register";
import { StrategyEditor } from "./strategy/editor";

export { comparisonForm } from "./cards/comparison/form";
export { efficiencyForm } from "./cards/efficiency/form";
export { minerForm } from "./cards/miner/form";
export { summaryForm } from "./cards/summary/form";
export { swarmForm } from "./cards/swarm/form";
export { timelineForm } from "./cards/timeline/form";
export { makeDashboard } from "./strategy/make";

export const EDITOR = "bitaxe-strategy-editor";

define(EDITOR, StrategyEditor);
