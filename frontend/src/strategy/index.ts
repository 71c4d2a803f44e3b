import { registerDashboardStrategy } from "../lib/register";
import { BitaxeDashboard } from "./dashboard";

registerDashboardStrategy(
  "bitaxe",
  BitaxeDashboard,
  "strategy.name",
  "strategy.description",
);
