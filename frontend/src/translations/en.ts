/** English texts of what is in the first module, part by part. */

import common from "./en/common.json";
import comparison from "./en/comparison.json";
import efficiency from "./en/efficiency.json";
import miner from "./en/miner.json";
import strategy from "./en/strategy.json";
import summary from "./en/summary.json";
import swarm from "./en/swarm.json";
import timeline from "./en/timeline.json";
import warning from "./en/warning.json";

export default {
  common,
  comparison,
  efficiency,
  miner,
  strategy,
  summary,
  swarm,
  timeline,
  warning,
};
