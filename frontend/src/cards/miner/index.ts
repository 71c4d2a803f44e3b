import { registerCard } from "../../lib/register";
import { MinerCard } from "./card";
import "./controls";
import "./trend-view";

registerCard("bitaxe-miner-card", MinerCard, "miner.name", "miner.description");
