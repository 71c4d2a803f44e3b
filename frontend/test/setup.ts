/** Texts of all languages are there, as if a page in each had been shown. */

import "../src/lib/learn-parts";
import { loadLanguage } from "../src/lib/i18n";

await loadLanguage("de");
