/** Buttons that select or clear all choices of an input. */
export function enableTicking(form: HTMLFormElement): void {
  form.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-tick]') : null;
    if (!button) return;
    const isAll = button.dataset['tick'] === 'all';
    const name = `tick.${button.dataset['ticks']}`;
    const ticks = form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`);
    for (const tick of ticks) tick.checked = isAll && !tick.disabled;
    // Checks the form as if the user had selected each choice by hand.
    ticks[0]?.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
