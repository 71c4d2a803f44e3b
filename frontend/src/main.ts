/** The module that Home Assistant loads with every page. */

import "./cards/efficiency";
import "./cards/miner";
import "./cards/summary";
import "./cards/swarm";
import "./strategy";
