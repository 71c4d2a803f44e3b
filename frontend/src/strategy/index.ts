import { define, registerDashboardStrategy } from "../lib/register";
import { BitaxeDashboard, EDITOR } from "./dashboard";
import { StrategyEditor } from "./editor";

define(EDITOR, StrategyEditor);
registerDashboardStrategy(
  "bitaxe",
  BitaxeDashboard,
  "strategy.name",
  "strategy.description",
);
