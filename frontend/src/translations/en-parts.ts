/** English texts of what is loaded only where it is needed, part by part. */

import backups from "./en/backups.json";
import bulk from "./en/bulk.json";
import copy from "./en/copy.json";
import notes from "./en/notes.json";
import pool from "./en/pool.json";
import power from "./en/power.json";
import records from "./en/records.json";
import steps from "./en/steps.json";
import tuning from "./en/tuning.json";
import uptime from "./en/uptime.json";

export default {
  backups,
  bulk,
  copy,
  notes,
  pool,
  power,
  records,
  steps,
  tuning,
  uptime,
};
