/** Adds the English texts of what is loaded only where it is needed. */

import texts from "../translations/en-parts";
import { learn } from "./i18n";

learn(texts);
