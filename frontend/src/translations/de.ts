/** German texts, part by part. */

import common from "./de/common.json";
import efficiency from "./de/efficiency.json";
import miner from "./de/miner.json";
import strategy from "./de/strategy.json";
import summary from "./de/summary.json";
import swarm from "./de/swarm.json";
import warning from "./de/warning.json";

export default { common, efficiency, miner, strategy, summary, swarm, warning };
