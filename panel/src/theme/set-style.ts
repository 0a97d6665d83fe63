import { noChange, type ElementPart } from 'lit';
import { Directive, directive, PartType, type PartInfo } from 'lit/directive.js';

/** Values by property, as CSS spells them; `null` takes one away. */
type Styles = Readonly<Record<string, string | null>>;

class SetStyle extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('setStyle stands on the element itself: <i ${setStyle({…})}>');
  }

  override update({ element }: ElementPart, [styles]: [Styles]): unknown {
    const { style } = element as HTMLElement;
    for (const [name, value] of Object.entries(styles)) {
      if (value === null) style.removeProperty(name);
      else style.setProperty(name, value);
    }
    return noChange;
  }

  override render(_: Styles): unknown {
    return noChange;
  }
}

/**
 * Styles that are numbers of the page (a share, a color of a series): `<i ${setStyle({ 'inline-size': '60%' })}></i>`. The content security
 * policy allows no `style` attribute, so neither `style=` nor Lit's `styleMap` works.
 */
export const setStyle = directive(SetStyle);
