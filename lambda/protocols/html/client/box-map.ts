/**
 * Maps for drawing boxes. A box and its numbers are kept in sync, and any box that can be drawn can also be
 * typed.
 */

import { type BrushSelection, brush, type D3BrushEvent } from 'd3-brush';
import { select } from 'd3-selection';
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import { land } from './land.ts';
import { type Box, boxAfterKey, isBox, isOnEarth, readBox, rounded, within } from './map-box.ts';

/** Size of the drawing before zooming: two units per degree. */
const width = 720;
const height = 360;
const perDegree = 2;

const svgNamespace = 'http://www.w3.org/2000/svg';

interface Texts {
  readonly name: string;
  readonly help: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly toBox: string;
  readonly toWorld: string;
  readonly move: string;
}

/** @param place element to draw the map in, next to the numbers of its box */
export function drawBoxMap(place: HTMLElement, texts: Texts): void {
  const frame = place.closest<HTMLElement>('.box');
  const form = place.closest('form');
  if (!frame || !form) return;
  frame.classList.add('mapped');
  place.hidden = false;
  const sides = new Map(
    [...frame.querySelectorAll<HTMLInputElement>('[data-side]')].map((control) => [
      control.dataset['side'] ?? '',
      control,
    ]),
  );
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('tabindex', '0');
  svg.setAttribute('role', 'application');
  svg.setAttribute('aria-label', texts.name);
  place.append(svg);
  const help = document.createElement('p');
  help.className = 'hint map-help';
  help.id = `map-help-${frame.dataset['box']}`;
  help.textContent = texts.help;
  svg.setAttribute('aria-describedby', help.id);
  frame.append(help);

  const drawing = select<SVGSVGElement, unknown>(svg);
  const world = drawing.append('g');
  // Three worlds side by side, because a box may cross the date line.
  for (const turn of [-width, 0, width]) {
    world
      .append('path')
      .attr('class', 'land')
      .attr('d', land())
      .attr('transform', `translate(${turn},0)`);
  }
  const pictures = world.append('g');
  for (const turn of [-width, 0, width]) {
    world
      .append('path')
      .attr('class', 'coast')
      .attr('d', land())
      .attr('transform', `translate(${turn},0)`);
  }
  world.append('path').attr('class', 'net').attr('d', net());
  const whole = world.append('rect').attr('class', 'whole').attr('visibility', 'hidden');

  let box = numbers();
  let moves = false;
  const toScreen = ({ west, south, east, north }: Box): BrushSelection => {
    const view = zoomTransform(svg);
    const corner = (longitude: number, latitude: number) =>
      view.apply([(longitude + 180) * perDegree, (90 - latitude) * perDegree]);
    // Draws an east side that is west of the west side one turn further east.
    return [corner(west, north), corner(east < west ? east + 360 : east, south)];
  };
  const fromScreen = (selection: BrushSelection): Box => {
    const view = zoomTransform(svg);
    const [[x0, y0], [x1, y1]] = (selection as [[number, number], [number, number]]).map((point) =>
      view.invert(point),
    ) as [[number, number], [number, number]];
    const digits = Math.max(0, Math.ceil(Math.log10(view.k * 4)));
    return rounded(
      within({
        west: x0 / perDegree - 180,
        east: x1 / perDegree - 180,
        north: 90 - y0 / perDegree,
        south: 90 - y1 / perDegree,
      }),
      digits,
    );
  };
  const brushing = brush<unknown>()
    .extent([
      [-width, 0],
      [2 * width, height],
    ])
    .filter(
      (event: MouseEvent | TouchEvent) =>
        !moves && !('touches' in event && event.touches.length > 1),
    )
    .keyModifiers(false)
    .on('brush end', (event: D3BrushEvent<unknown>) => {
      // A move by a script already matches the numbers.
      if (!event.sourceEvent || event.sourceEvent.type === 'zoom') return;
      if (!event.selection) {
        if (event.type === 'end') show(box);
        return;
      }
      give(fromScreen(event.selection), event.type === 'end');
    });
  const brushed = drawing.append('g').attr('class', 'brush').call(brushing);
  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent([1, 200])
    .translateExtent([
      [-width / 2, 0],
      [width * 1.5, height],
    ])
    .filter((event: MouseEvent | TouchEvent) => {
      if (event.type === 'wheel') return event.ctrlKey || document.activeElement === svg;
      return moves || ('touches' in event && event.touches.length > 1);
    })
    .on('zoom', () => {
      world.attr('transform', zoomTransform(svg).toString());
      show(box);
    });
  drawing.call(zooming).on('dblclick.zoom', null);

  /** The box that the numbers describe; undefined if they describe none. */
  function numbers(): Box | undefined {
    const read = readBox((side) => sides.get(side)?.value ?? '');
    return read && isOnEarth(read) ? read : undefined;
  }
  function show(shown: Box | undefined): void {
    brushed.call(brushing.move, shown ? toScreen(shown) : null);
  }
  /** Writes a drawn box into the numbers. */
  function give(given: Box, isFinal: boolean): void {
    box = given;
    for (const [side, control] of sides) {
      if (isSide(side)) control.value = String(given[side]);
    }
    if (isFinal) sides.get('north')?.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function zoomOnto(area: Box | undefined): void {
    if (!area) {
      drawing.call(zooming.transform, zoomIdentity);
      return;
    }
    const east = area.east < area.west ? area.east + 360 : area.east;
    const [w, h] = [Math.max(1, east - area.west), Math.max(1, area.north - area.south)];
    const scale = Math.min(200, (0.7 * width) / (w * perDegree), (0.7 * height) / (h * perDegree));
    const [x, y] = [
      ((area.west + east) / 2 + 180) * perDegree,
      (90 - (area.north + area.south) / 2) * perDegree,
    ];
    const k = Math.max(1, scale);
    drawing.call(
      zooming.transform,
      zoomIdentity.translate(width / 2 - k * x, height / 2 - k * y).scale(k),
    );
  }
  /** Whether the map shows any of an area; numbers may be typed for another part of the world. */
  function isInView(area: Box): boolean {
    const view = zoomTransform(svg);
    const [left, top] = view.invert([0, 0]);
    const [right, bottom] = view.invert([width, height]);
    const east = area.east < area.west ? area.east + 360 : area.east;
    return (
      (area.west + 180) * perDegree <= right &&
      (east + 180) * perDegree >= left &&
      (90 - area.north) * perDegree <= bottom &&
      (90 - area.south) * perDegree >= top
    );
  }
  /** The area of the chosen layer, as given on the page. */
  function coverage(): Box | undefined {
    const [west, south, east, north] =
      document.getElementById('coverage')?.dataset['bbox']?.split(',').map(Number) ?? [];
    const area = { west, south, east, north };
    return isBox(area) ? area : undefined;
  }
  let shownCoverage = '';
  function showCoverage(): void {
    const area = coverage();
    const text = JSON.stringify(area ?? '');
    if (text === shownCoverage) return;
    shownCoverage = text;
    whole.attr('visibility', area ? 'visible' : 'hidden');
    if (!area) return;
    whole
      .attr('x', (area.west + 180) * perDegree)
      .attr('y', (90 - area.north) * perDegree)
      .attr('width', (area.east - area.west) * perDegree)
      .attr('height', (area.north - area.south) * perDegree);
    if (!box) zoomOnto(area);
  }

  let shownPicture = '';
  /** Shows the last step of the data, if the service has a picture of it. */
  function showPicture(): void {
    const { overview = '', bbox = '' } =
      frame?.closest('.field')?.querySelector<HTMLElement>('[data-overview]')?.dataset ?? {};
    if (overview === shownPicture) return;
    shownPicture = overview;
    pictures.selectAll('*').remove();
    frame?.classList.toggle('pictured', overview !== '');
    const [west = 0, south = 0, east = 0, north = 0] = bbox.split(',').map(Number);
    if (overview === '') return;
    for (const turn of [-360, 0, 360]) {
      pictures
        .append('image')
        .attr('href', overview)
        .attr('preserveAspectRatio', 'none')
        .attr('x', (west + turn + 180) * perDegree)
        .attr('y', (90 - north) * perDegree)
        .attr('width', (east - west) * perDegree)
        .attr('height', (north - south) * perDegree);
    }
  }

  for (const control of sides.values()) {
    control.addEventListener('input', (event) => {
      if (!event.isTrusted) return;
      box = numbers();
      show(box);
    });
    control.addEventListener('change', () => {
      if (box && !isInView(box)) zoomOnto(box);
    });
  }
  svg.addEventListener('keydown', (event) => {
    const view = zoomTransform(svg);
    const centre = view.invert([width / 2, height / 2]);
    const span = width / perDegree / view.k;
    const changed = boxAfterKey(event, box, {
      longitude: centre[0] / perDegree - 180,
      latitude: 90 - centre[1] / perDegree,
      span,
    });
    if (changed === undefined) return;
    event.preventDefault();
    give(rounded(within(changed), Math.max(0, Math.ceil(Math.log10(view.k * 4)))), true);
    show(box);
  });
  form.addEventListener('checked', () => {
    showPicture();
    showCoverage();
  });
  form.addEventListener('boxes', () => {
    box = numbers();
    zoomOnto(box ?? coverage());
  });

  const tools = document.createElement('div');
  tools.className = 'tools';
  const tool = (name: string, drawn: string, act: (button: HTMLButtonElement) => void) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.title = name;
    button.setAttribute('aria-label', name);
    const icon = document.createElementNS(svgNamespace, 'svg');
    icon.setAttribute('viewBox', '0 0 24 24');
    icon.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(svgNamespace, 'path');
    path.setAttribute('d', drawn);
    icon.append(path);
    button.append(icon);
    button.addEventListener('click', () => act(button));
    tools.append(button);
    return button;
  };
  tool(texts.zoomIn, 'M12 5v14M5 12h14', () => drawing.call(zooming.scaleBy, 2));
  tool(texts.zoomOut, 'M5 12h14', () => drawing.call(zooming.scaleBy, 0.5));
  tool(texts.toBox, 'M4 4h16v16h-16zM9 9h6v6h-6z', () => zoomOnto(box ?? coverage()));
  tool(texts.toWorld, 'M12 3a9 9 0 1 0 .01 0M3 12h18M12 3c-5 5-5 13 0 18c5-5 5-13 0-18', () =>
    zoomOnto(undefined),
  );
  const mover = tool(
    texts.move,
    'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
    (button) => {
      moves = !moves;
      button.setAttribute('aria-pressed', String(moves));
      brushed.attr('pointer-events', moves ? 'none' : 'all');
    },
  );
  mover.setAttribute('aria-pressed', 'false');
  place.append(tools);

  showPicture();
  showCoverage();
  zoomOnto(box ?? coverage());
}

function isSide(side: string): side is keyof Box {
  return ['west', 'south', 'east', 'north'].includes(side);
}

/** Meridians and parallels, 30 degrees apart. */
function net(): string {
  const lines: string[] = [];
  for (let longitude = -540; longitude <= 540; longitude += 30) {
    lines.push(`M${(longitude + 180) * perDegree},0v${height}`);
  }
  for (let latitude = -60; latitude <= 60; latitude += 30) {
    lines.push(`M${-width},${(90 - latitude) * perDegree}h${3 * width}`);
  }
  return lines.join('');
}
