import { svgElement } from '../page/element';
import { percent } from '../page/format';

const WIDTH = 240;
const HEIGHT = 96;
const LOW = 0.15;

/** A picture of how full a tank is; `share` goes from 0 to 1. */
export function gauge(share: number): SVGSVGElement {
  const level = Math.min(1, Math.max(0, share));
  const height = Math.round(level * (HEIGHT - 4));
  return svgElement(
    'svg',
    {
      class: level < LOW ? 'gauge low' : 'gauge',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': `${percent(level)} full`,
    },
    svgElement('rect', { class: 'oil', x: 2, y: HEIGHT - 2 - height, width: WIDTH - 4, height }),
    svgElement('rect', { class: 'shell', x: 1, y: 1, width: WIDTH - 2, height: HEIGHT - 2, rx: 6 }),
  );
}
