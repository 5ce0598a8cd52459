/** Buttons that copy a request. */
export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false;
    const shown = button.firstChild;
    const before = shown?.textContent ?? '';
    const { copied = '' } = button.dataset;
    button.addEventListener('click', async () => {
      const sample = document.getElementById(button.dataset['copy'] ?? '');
      if (!sample || !shown) return;
      await copy(sample);
      shown.textContent = copied;
      button.addEventListener('blur', () => (shown.textContent = before), { once: true });
    });
  }
}

/** If there is no clipboard to write to (no HTTPS), selects the text for the reader to copy. */
async function copy(sample: HTMLElement): Promise<void> {
  const text = sample.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection()?.selectAllChildren(sample);
  }
}
