/** Defines the swarm card and its rows. */

import { define, registerCard, suggestSwarm } from "../../lib/register";
import { SwarmRow } from "./row";
import { SwarmCard } from "./card";

define("bitaxe-swarm-row", SwarmRow);
registerCard(
  "bitaxe-swarm-card",
  SwarmCard,
  "swarm.name",
  "swarm.description",
  suggestSwarm,
);
