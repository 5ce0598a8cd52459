/** Disables the choices in the form that the service reports as impossible, and enables the others. */
export function greyOut(fetched: Document): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>('form select[name]')) {
    const judged = fetched.querySelector<HTMLSelectElement>(
      `form select[name="${CSS.escape(select.name)}"]`,
    );
    for (const option of select.options) {
      const newer = [...(judged?.options ?? [])].find(({ value }) => value === option.value);
      // A chosen option is still sent, and its fault refers to it.
      option.disabled = !option.selected && (newer?.disabled ?? false);
    }
  }
  const ticks = 'form input:is([type="checkbox"], [type="radio"])[name]';
  const newer = [...fetched.querySelectorAll<HTMLInputElement>(ticks)];
  for (const tick of document.querySelectorAll<HTMLInputElement>(ticks)) {
    const judged = newer.find(({ name, value }) => name === tick.name && value === tick.value);
    tick.disabled = !tick.checked && (judged?.disabled ?? false);
  }
  for (const date of document.querySelectorAll<HTMLInputElement>('form [data-period] input')) {
    const judged = fetched.querySelector<HTMLInputElement>(
      `form [name="${CSS.escape(date.name)}"]`,
    );
    if (!judged) continue;
    date.min = judged.min;
    date.max = judged.max;
  }
  for (const depth of document.querySelectorAll<HTMLElement>('form [data-depth]')) {
    const input = CSS.escape(depth.dataset['depth'] ?? '');
    const judged = fetched.querySelector<HTMLElement>(`form [data-depth="${input}"]`);
    if (judged) depth.hidden = judged.hidden;
  }
}
