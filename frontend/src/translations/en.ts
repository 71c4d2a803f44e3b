/** English texts, part by part. */

import bulk from "./en/bulk.json";
import common from "./en/common.json";
import comparison from "./en/comparison.json";
import copy from "./en/copy.json";
import efficiency from "./en/efficiency.json";
import miner from "./en/miner.json";
import notes from "./en/notes.json";
import pool from "./en/pool.json";
import power from "./en/power.json";
import records from "./en/records.json";
import steps from "./en/steps.json";
import strategy from "./en/strategy.json";
import summary from "./en/summary.json";
import swarm from "./en/swarm.json";
import timeline from "./en/timeline.json";
import tuning from "./en/tuning.json";
import uptime from "./en/uptime.json";
import warning from "./en/warning.json";

export default {
  bulk,
  common,
  comparison,
  copy,
  efficiency,
  miner,
  notes,
  pool,
  power,
  records,
  steps,
  strategy,
  summary,
  swarm,
  timeline,
  tuning,
  uptime,
  warning,
};
