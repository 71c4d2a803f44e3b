import { registerCard, suggestSwarm } from "../../lib/register";
import { ComparisonCard } from "./card";

registerCard(
  "bitaxe-comparison-card",
  ComparisonCard,
  "comparison.name",
  "comparison.description",
  suggestSwarm,
);
