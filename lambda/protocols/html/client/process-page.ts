/** Script of a process's form; the form can be sent without it. */

import { enableCopying } from './copy.ts';
import { announceScript, takeOver } from './live-regions.ts';
import { drawMaps, followCoverage } from './maps.ts';
import { offerMore } from './repeat.ts';
import { enableTicking } from './tick.ts';

const form = document.getElementById('form');
const quietMilliseconds = 350;

if (form instanceof HTMLFormElement) start(form);

function start(form: HTMLFormElement): void {
  announceScript();
  enableCopying();
  offerMore(form);
  enableTicking(form);
  const summary = document.querySelector<HTMLElement>('[data-summary]');
  summary?.focus();
  // The response to a form that was sent has a URL without the form's state.
  if (summary) remember(form);
  const button = form.querySelector<HTMLButtonElement>('button.first');
  showReason(button);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: AbortController | undefined;
  // Not `form.action`: that property is the buttons with this name.
  const target = form.getAttribute('action') ?? '';
  const check = async () => {
    latest = new AbortController();
    const body = bodyOf(form);
    remember(form);
    const { signal } = latest;
    await fetch(target, { method: 'POST', body, signal, headers: { accept: 'text/html' } })
      .then(async (response) => {
        const text = await response.text();
        if (signal.aborted) return;
        takeOver(text);
        showReason(button);
        form.dispatchEvent(new CustomEvent('checked'));
      })
      // A form that cannot be checked now can still be sent; the service then reports what is wrong.
      .catch(() => undefined);
  };
  const soon = () => {
    // Its response describes the form as it was, and would replace newer choices.
    latest?.abort();
    clearTimeout(timer);
    timer = setTimeout(check, quietMilliseconds);
  };
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  let isSending = false;
  form.addEventListener('submit', (event) => {
    // A second click would run the process twice.
    if (isSending) {
      event.preventDefault();
      return;
    }
    if (button?.getAttribute('aria-disabled') === 'true') {
      event.preventDefault();
      document.getElementById('reason')?.scrollIntoView({ block: 'nearest' });
      firstMissing(form)?.focus();
      return;
    }
    isSending = true;
    const reason = document.getElementById('reason');
    if (reason) reason.textContent = reason.dataset['sending'] ?? '';
  });
  // The back button leads to the form as the user left it.
  globalThis.addEventListener('pageshow', (event) => {
    isSending = false;
    if (event.persisted) soon();
  });
  followCoverage(form);
  drawMaps(form);
}

function bodyOf(form: HTMLFormElement): FormData | URLSearchParams {
  const data = new FormData(form);
  data.set('action', 'check');
  if (form.enctype === 'multipart/form-data') return data;
  const texts = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === 'string') texts.append(name, value);
  return texts;
}

/** A disabled button gives the reason, and can receive the focus so that screen readers announce it. */
function showReason(button: HTMLButtonElement | null): void {
  const reason = document.getElementById('reason')?.dataset['reason'] ?? '';
  button?.setAttribute('aria-disabled', String(reason !== ''));
  button?.setAttribute('aria-describedby', 'reason');
}

function firstMissing(form: HTMLFormElement): HTMLElement | null {
  for (const field of form.querySelectorAll<HTMLElement>('[data-required="true"], [data-input]')) {
    const controls = field.querySelectorAll<HTMLInputElement>('input, select, textarea');
    const isInvalid = field.querySelector('[aria-invalid="true"]') !== null;
    const isEmpty =
      field.dataset['required'] === 'true' && [...controls].every(({ value }) => value === '');
    if (isInvalid || isEmpty) return controls[0] ?? null;
  }
  return null;
}

const longestUrl = 4000;

/**
 * Keeps the form's state in the URL, so that users can share it, bookmark it and return to it. Leaves out
 * people's addresses and values that are too long.
 */
function remember(form: HTMLFormElement): void {
  const isPrivate = (name: string) =>
    form.querySelector(`[name="${CSS.escape(name)}"][data-private]`) !== null;
  const texts = [...new FormData(form)].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const state = texts.filter(([name, value]) => value !== '' && !isPrivate(name));
  // A form whose URL names no outputs has all of them selected.
  if (!state.some(([name]) => name === 'output')) state.push(['output', '']);
  const url = new URL(location.href);
  const write = () => {
    url.search = new URLSearchParams(state).toString();
  };
  write();
  while (url.href.length > longestUrl) {
    const lengths = state.map(([, { length }]) => length);
    state.splice(lengths.indexOf(Math.max(...lengths)), 1);
    write();
  }
  history.replaceState(history.state, '', url);
}
