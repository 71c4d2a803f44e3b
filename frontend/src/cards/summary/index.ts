import { registerCard, suggestSwarm } from "../../lib/register";
import { SummaryCard } from "./card";

registerCard(
  "bitaxe-summary-card",
  SummaryCard,
  "summary.name",
  "summary.description",
  suggestSwarm,
);
