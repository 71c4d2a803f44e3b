/**
 * What is loaded only where one of the cards of a miner is looked at: every page of Home
 * Assistant loads the rest.
 */

import "../chart/map";
import "../chart/trend";
import "./efficiency/view";
import "./miner/controls";
import "./miner/trend-view";
