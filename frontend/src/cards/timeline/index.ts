import { registerCard, suggestMiner } from "../../lib/register";
import { TimelineCard } from "./card";

registerCard(
  "bitaxe-timeline-card",
  TimelineCard,
  "timeline.name",
  "timeline.description",
  suggestMiner,
);
