/** Lets inputs that may be given several times have one control more, each time it is needed. */
export function offerMore(form: HTMLFormElement): void {
  form.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const controls = target.closest<HTMLElement>('[data-repeat]');
    if (!controls) return;
    const same = [...controls.children].filter(
      (child): child is HTMLInputElement | HTMLTextAreaElement =>
        child instanceof HTMLInputElement || child instanceof HTMLTextAreaElement,
    );
    const last = same.at(-1);
    const most = Number(controls.dataset['repeat']);
    if (!last || last.value === '' || same.length >= most) return;
    const next = last.cloneNode() as HTMLInputElement | HTMLTextAreaElement;
    next.value = '';
    next.id = `${same[0]?.id}-${same.length + 1}`;
    last.after(next);
  });
}
