/** What the charts have in common. */

import { LitElement } from "lit";
import type { PropertyDeclarations } from "lit";

/** A chart that is drawn for the width it has. */
export abstract class ChartElement extends LitElement {
  static override properties: PropertyDeclarations = { _width: { state: true } };

  /** px; 0 until it is known. */
  declare protected _width: number;

  private _resize = new ResizeObserver(([entry]) => {
    if (entry) this._width = Math.round(entry.contentRect.width);
  });

  constructor() {
    super();
    this._width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this._resize.observe(this);
  }

  /** At once: a chart that came with the second drawing would push all else down. */
  protected override performUpdate(): void {
    if (this._width === 0 && this.isConnected) {
      this._width = Math.round(this.clientWidth);
    }
    super.performUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._resize.disconnect();
  }
}
