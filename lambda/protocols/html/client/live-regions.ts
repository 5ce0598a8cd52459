import { greyOut } from './possible.ts';

/** Attribute of elements that are replaced when the service has a newer page. */
const live = '[data-live]';

/**
 * Copies changes from a newly fetched page into this one. Open elements stay open, and the focus stays where
 * it is.
 *
 * @returns whether the page is one of ours
 */
export function takeOver(html: string): boolean {
  const fetched = new DOMParser().parseFromString(html, 'text/html');
  const regions = fetched.querySelectorAll<HTMLElement>(live);
  for (const newer of regions) {
    const current = document.getElementById(newer.id);
    if (!current || current.outerHTML === newer.outerHTML) continue;
    // Do not disturb a person who is using one of its controls.
    const isBusy = current.contains(document.activeElement);
    if (isBusy && (current.querySelector('form') || current.closest('form'))) continue;
    keepOpen(current, newer);
    current.replaceWith(document.adoptNode(newer));
  }
  markInvalid(fetched);
  greyOut(fetched);
  return regions.length > 0;
}

/** Marks exactly the controls that the service finds at fault. */
function markInvalid(fetched: Document): void {
  const judged = fetched.querySelectorAll('form [name]');
  const places = new Map<string, number>();
  const judgedAs = (name: string, place: number) =>
    [...judged].filter((control) => control.getAttribute('name') === name)[place];
  for (const control of document.querySelectorAll('form [name]')) {
    const name = control.getAttribute('name') ?? '';
    const place = places.get(name) ?? 0;
    places.set(name, place + 1);
    const isInvalid = judgedAs(name, place)?.getAttribute('aria-invalid') === 'true';
    if (isInvalid) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  }
}

function keepOpen(current: HTMLElement, newer: HTMLElement): void {
  const before = current.querySelectorAll('details');
  for (const [index, details] of newer.querySelectorAll('details').entries()) {
    if (before[index]?.open) details.open = true;
  }
  for (const hint of newer.querySelectorAll<HTMLElement>('[data-with-script]')) hint.hidden = false;
}

/** Shows elements that need a script, and hides those that are only needed without one. */
export function announceScript(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-with-script]')) {
    element.hidden = false;
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-without-script]')) {
    element.hidden = true;
  }
}
