type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Adds another control to a repeatable input whenever one is needed. */
export function offerMore(form: HTMLFormElement): void {
  form.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const controls = target.closest<HTMLElement>('[data-repeat]');
    if (!controls) return;
    const same = [...controls.children].filter(isControl);
    const last = same.at(-1);
    const most = Number(controls.dataset['repeat']);
    if (!last || last.value === '' || same.length >= most) return;
    const next = last.cloneNode(true) as Control;
    next.value = '';
    next.id = `${same[0]?.id}-${same.length + 1}`;
    last.after(next);
  });
}

function isControl(child: Element): child is Control {
  return (
    child instanceof HTMLInputElement ||
    child instanceof HTMLTextAreaElement ||
    // A list of units appears once, next to all values.
    (child instanceof HTMLSelectElement && child.name.startsWith('input.'))
  );
}
