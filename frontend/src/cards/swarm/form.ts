/** The visual editor of the swarm card. */

import type { CardConfig, ConfigForm, FormField } from "../../lib/hass";
import { type Key, localize } from "../../lib/i18n";
import { MINERS } from "../../lib/selectors";
import { COLUMN_KEYS, SORT_KEYS } from "./columns";
import { GROUPINGS } from "./filter";
import { LAYOUTS, readConfig, ROW_ACTIONS, SORT_ORDERS, SPANS } from "./config";

/** The form is asked for without `hass`: the language is that of the page. */
function text(key: Key): string {
  return localize(undefined, key);
}

interface Option {
  value: string;
  label: string;
}

function options<T extends string>(
  values: readonly T[],
  key: (value: T) => Key,
): Option[] {
  return values.map((value) => ({ value, label: text(key(value)) }));
}

function select(name: string, choices: Option[], more: object = {}): FormField {
  return {
    name,
    selector: { select: { mode: "dropdown", options: choices, ...more } },
  };
}

/** Returns the fields of the editor, in the user's language. */
export function swarmForm(): ConfigForm {
  return {
    schema: [
      {
        ...select(
          "layout",
          options(LAYOUTS, (value) => `swarm.editor.layout_${value}`),
        ),
        default: "full",
      },
      { name: "title", selector: { text: {} } },
      { name: "miners", selector: MINERS },
      select(
        "columns",
        options(COLUMN_KEYS, (value) => `swarm.column_long.${value}`),
        { multiple: true, reorder: true },
      ),
      {
        name: "",
        type: "grid",
        schema: [
          select(
            "sort",
            options(SORT_KEYS, (value) => `swarm.column_long.${value}`),
          ),
          select(
            "sort_order",
            options(SORT_ORDERS, (value) => `swarm.sort_${value}`),
          ),
          {
            ...select(
              "span",
              options(SPANS, (value) => `swarm.span_${value}`),
            ),
            default: "1h",
          },
          { name: "totals", default: true, selector: { boolean: {} } },
          { name: "tools", default: true, selector: { boolean: {} } },
          select(
            "group_by",
            options(GROUPINGS, (value) => `bulk.totals_${value}`),
          ),
        ],
      },
      select(
        "row_action",
        options(ROW_ACTIONS, (value) => `swarm.editor.action_${value}`),
      ),
      { name: "navigation_path", selector: { text: {} } },
    ],
    computeLabel: ({ name }) => text(`swarm.editor.${name as "layout"}`),
    computeHelper: ({ name }) => {
      if (name === "columns") return text("swarm.editor.help_columns");
      if (name === "navigation_path")
        return localize(undefined, "swarm.editor.help_navigation_path", {
          placeholder: "{device_id}",
        });
      return undefined;
    },
    assertConfig: (config: CardConfig) => {
      readConfig(config);
    },
  };
}
