/** English texts, part by part. */

import common from "./en/common.json";
import efficiency from "./en/efficiency.json";
import miner from "./en/miner.json";
import strategy from "./en/strategy.json";
import summary from "./en/summary.json";
import swarm from "./en/swarm.json";
import warning from "./en/warning.json";

export default { common, efficiency, miner, strategy, summary, swarm, warning };
