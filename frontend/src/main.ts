/** The module that Home Assistant loads with every page. */

import "./cards/comparison";
import "./cards/efficiency";
import "./cards/miner";
import "./cards/summary";
import "./cards/swarm";
import "./cards/timeline";
import { followPageLanguage } from "./lib/i18n";
import "./strategy";

// Names in pickers, and editors without a card, are asked for without waiting.
followPageLanguage();
