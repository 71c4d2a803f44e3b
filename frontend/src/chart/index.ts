/** Everything that is loaded only once a chart is looked at. */

import "./map";
import "./trend";
