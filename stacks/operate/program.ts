import { Command } from 'commander';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { type CommandContext, callOf } from './command-context.ts';
import { addEnvironmentCommands } from './environment-commands.ts';
import { addJobCommands } from './job-commands.ts';
import { addNoticeCommands } from './notice-commands.ts';
import { addReleaseCommands } from './release-commands.ts';
import type { Terminal } from './terminal.ts';

/**
 * The operators' commands. Modules that a command needs for AWS are loaded when it runs, so that help and
 * completion are fast.
 */
export function operatorProgram(terminal: Terminal): Command {
  const program = new Command('wps-operate')
    .description('Looks after the environments in AWS, or after a service on one machine.')
    .usage('<command> [options]')
    .addHelpText(
      'after',
      `
Call each command by ${callOf} <command>. It works on an environment (--env PROD) with your AWS
credentials, or on a service on one machine (--endpoint URL or --data-dir FOLDER).

Examples:
  ${callOf} status PROD
  ${callOf} doctor --data-dir .wps
  ${callOf} jobs list --env DEV --status failed`,
    );
  const context: CommandContext = {
    terminal,
    installation: () => parseInstallation(installationData),
  };
  addEnvironmentCommands(program, context);
  addReleaseCommands(program, context);
  addJobCommands(program, context);
  addNoticeCommands(program, context);
  return program;
}
