import { registerCard, suggestMiner } from "../../lib/register";
import { EfficiencyCard } from "./card";

registerCard(
  "bitaxe-efficiency-card",
  EfficiencyCard,
  "efficiency.name",
  "efficiency.description",
  suggestMiner,
);
