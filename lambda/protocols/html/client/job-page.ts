/** Keeps a job's page up to date until the job has ended. */

import { announceScript, takeOver } from './live-regions.ts';

const soonest = 1_000;
const latest = 10_000;
let pause = soonest;
let timer: ReturnType<typeof setTimeout> | undefined;

function isFinal(): boolean {
  return document.getElementById('status')?.dataset['final'] !== 'false';
}

function showLost(isLost: boolean): void {
  const lost = document.querySelector<HTMLElement>('[data-lost]');
  if (lost) lost.hidden = !isLost;
}

async function refresh(): Promise<void> {
  timer = undefined;
  const before = document.getElementById('status')?.outerHTML;
  const answered = await fetch(location.href, { headers: { accept: 'text/html' } })
    .then(async (response) => takeOver(await response.text()))
    .catch(() => false);
  showLost(!answered);
  // Poll often while the job makes progress, and seldom while it waits.
  const changed = before !== document.getElementById('status')?.outerHTML;
  pause = changed ? soonest : Math.min(latest, pause * 1.5);
  next();
}

function next(): void {
  if (isFinal() || document.hidden || timer !== undefined) return;
  timer = setTimeout(refresh, pause);
}

announceScript();
document.addEventListener('visibilitychange', () => {
  pause = soonest;
  next();
});
next();
