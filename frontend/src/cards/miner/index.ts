import { registerCard, suggestMiner } from "../../lib/register";
import { MinerCard } from "./card";

registerCard(
  "bitaxe-miner-card",
  MinerCard,
  "miner.name",
  "miner.description",
  suggestMiner,
);
