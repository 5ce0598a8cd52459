// A runner for tests of the pool. The variables of each job decide what the runner does with it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

if (process.env.ENDS_AT_ONCE) process.exit(3);
process.on('SIGTERM', () => process.exit(143));
process.on('disconnect', () => process.exit(143));
process.on('message', ({ variables }) => {
  process.send({ kind: 'begun' });
  const { TOLD, LEAVES, KILLED_BY, EXIT_CODE = '0', IS_AS_NEW = 'true' } = variables;
  const told = { runner: process.pid };
  if (LEAVES) {
    // Like a command, it has its own process group. With setsid, the second process leaves that group.
    const script = `sleep 600 & ${LEAVES === 'a daemon' ? 'setsid' : ''} sleep 600 & echo ready; wait`;
    const command = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 2] });
    told.command = command.pid;
    if (LEAVES === 'a group') process.send({ kind: 'command', pid: command.pid });
    command.stdout.once('data', end);
  } else end();
  function end() {
    writeFileSync(TOLD, JSON.stringify(told));
    if (KILLED_BY) process.kill(process.pid, KILLED_BY);
    else
      process.send({ kind: 'ended', exitCode: Number(EXIT_CODE), isAsNew: IS_AS_NEW === 'true' });
  }
});
