/** Draws the maps of a form. They are loaded last, because the form works without them. */
export async function drawMaps(form: HTMLFormElement): Promise<void> {
  const places = form.querySelectorAll<HTMLElement>('[data-map]');
  if (places.length === 0) return;
  const { drawBoxMap } = await import('./box-map.ts');
  for (const place of places) drawBoxMap(place, JSON.parse(place.dataset['map'] ?? '{}'));
}

/** Offers a button for the whole area of the chosen layer. */
export function followCoverage(form: HTMLFormElement): void {
  const coverage = () => document.getElementById('coverage')?.dataset ?? {};
  const follow = () => {
    const { bbox } = coverage();
    for (const button of form.querySelectorAll<HTMLElement>('[data-whole]')) {
      button.hidden = bbox === undefined;
    }
  };
  form.addEventListener('checked', follow);
  form.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLElement) || target.dataset['whole'] === undefined) return;
    const [west, south, east, north] = coverage()['bbox']?.split(',') ?? [];
    const sides: Record<string, string | undefined> = { west, south, east, north };
    const box = form.querySelector(`[data-box="${CSS.escape(target.dataset['whole'])}"]`);
    const controls = [...(box?.querySelectorAll<HTMLInputElement>('[data-side]') ?? [])];
    for (const control of controls) control.value = sides[control.dataset['side'] ?? ''] ?? '';
    form.dispatchEvent(new CustomEvent('boxes'));
    controls[0]?.dispatchEvent(new Event('input', { bubbles: true }));
  });
  follow();
}
