import type { Plan } from './terraform.ts';

/**
 * The longest comment, in characters, that GitHub accepts. Source: GitHub's error message for longer ones.
 */
const mostCharacters = 65_536;

/**
 * Plans as a comment on a pull request: one line per stack, with the plans folded. Plans that do not fit are
 * left out, and the comment says so.
 */
export function planComment(plans: ReadonlyMap<string, Plan>): string {
  const most = Math.floor((mostCharacters - 2_000) / Math.max(1, plans.size)) - 200;
  const sections = [...plans].map(([stack, { isChanged, text }]) => {
    if (!isChanged) return `**${stack}**: no changes.\n`;
    const plan = text.slice(Math.max(0, text.indexOf('Terraform will perform')));
    const shown =
      plan.length <= most
        ? plan
        : `${plan.slice(0, most)}\n... ${plan.length - most} more characters are in the log of the job`;
    const counts = /^Plan: .*$/m.exec(text)?.[0] ?? 'Outputs change.';
    // A fence longer than any in the plan, so that no value can close it.
    const fence = '`'.repeat(
      Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)),
    );
    return `<details><summary><b>${stack}</b>: ${counts}</summary>\n\n${fence}text\n${shown.trim()}\n${fence}\n\n</details>\n`;
  });
  return `### What a deployment would change\n\n${sections.join('\n')}`;
}
