import { type Command, Option } from 'commander';
import { noticeSeverities } from '../../lambda/configuration/notice.ts';
import {
  type CommandContext,
  examples,
  give,
  type Output,
  onTarget,
  target,
} from './command-context.ts';
import type { TargetOptions } from './target.ts';
import { confirm } from './terminal.ts';

/** `notice` with its subcommands. */
export function addNoticeCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const open = async (options: TargetOptions) => {
    const { noticeStore } = await import('./notices.ts');
    return await noticeStore(await target(context, options));
  };
  const notice = program
    .command('notice')
    .description('tells users something, on all pages and in the capabilities');
  examples(
    onTarget(notice.command('set').argument('<text>', 'plain text, 500 characters at most'))
      .description('shows a text, within a minute; it replaces the one before')
      .addOption(
        new Option('-s, --severity <severity>', 'how much it matters')
          .choices([...noticeSeverities])
          .default('info'),
      )
      .option('--from <instant>', 'not before: 2026-12-24T18:00:00Z, or a date')
      .option('--until <instant>', 'not after')
      .option('-y, --yes', 'does not ask', false)
      .action(
        async (
          text: string,
          options: TargetOptions &
            Output & { severity: string; from?: string; until?: string; yes: boolean },
        ) => {
          const { checkNotice } = await import('../../lambda/configuration/notice.ts');
          const { severity, from, until } = options;
          const checked = checkNotice({
            text,
            severity,
            ...(from === undefined ? {} : { from }),
            ...(until === undefined ? {} : { until }),
          });
          const store = await open(options);
          const before = await store.read().catch(() => undefined);
          if (before) {
            terminal.tell(`Shown now: ${before.text}`);
            await confirm(terminal, 'Replace it?', options.yes);
          }
          await store.write(checked);
          give(context, checked, () => `Written to ${store.place}.`, options);
        },
      ),
    'notice set "Maintenance on Sunday, 8 to 10 UTC." --severity warning --until 2026-12-27T10:00:00Z --env PROD',
    'notice set "Only for trying." --data-dir .wps',
  );
  examples(
    onTarget(notice.command('show'))
      .description('shows the text as it is stored')
      .action(async (options: TargetOptions & Output) => {
        const found = await (await open(options)).read();
        give(
          context,
          found ?? null,
          () =>
            found
              ? `${found.severity}: ${found.text}${found.from ? `\nfrom ${found.from}` : ''}${found.until ? `\nuntil ${found.until}` : ''}`
              : 'There is no notice.',
          options,
        );
      }),
    'notice show --env PROD',
  );
  examples(
    onTarget(notice.command('clear'))
      .description('takes the text away')
      .option('-y, --yes', 'does not ask', false)
      .action(async (options: TargetOptions & Output & { yes: boolean }) => {
        const store = await open(options);
        await confirm(terminal, `Take the notice of ${store.place} away?`, options.yes);
        await store.clear();
        give(
          context,
          { cleared: store.place },
          () => `There is no notice in ${store.place} any more.`,
          options,
        );
      }),
    'notice clear --env PROD --yes',
  );
}
