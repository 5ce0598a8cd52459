/**
 * Loaded into the service and its runners before anything else (`node --import`). Calls for files below one
 * folder fail, and the clock is wrong, as the world's file says at the moment (`machine.ts`).
 */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { WORLD_MACHINE: file = '', WORLD_FOLDER: folder = '' } = process.env;
const { readFileSync } = fs;
const pollMilliseconds = 20;

/** Calls that a fault may affect. Their first argument is a path. */
const reading = ['readFile', 'readdir', 'opendir', 'stat', 'access'];
const writing = ['writeFile', 'mkdir', 'mkdtemp', 'rename', 'link', 'rm', 'unlink', 'chmod'];
const opening = ['open', 'readFile', 'readdir', 'opendir', 'writeFile'];
const growing = ['writeFile', 'mkdir', 'mkdtemp', 'link'];

const faults = {
  ENOSPC: (call, flags) => growing.includes(call) || (call === 'open' && /[wa]/.test(flags)),
  EROFS: (call, flags) => writing.includes(call) || (call === 'open' && /[wa+]/.test(flags)),
  EIO: (call) => call === 'open' || reading.includes(call) || writing.includes(call),
  EMFILE: (call) => opening.includes(call),
};

let state = { code: null, share: 0, clock: 0 };
function look() {
  try {
    state = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The file is being replaced, or the world has ended.
  }
}
look();
setInterval(look, pollMilliseconds).unref();

function faultOf(call, path, flags = 'r') {
  const { code, share } = state;
  if (!code || !String(path).startsWith(folder) || Math.random() >= share) return undefined;
  if (!faults[code](call, String(flags))) return undefined;
  return Object.assign(new Error(`${code}: a fault of the world, ${call} '${path}'`), { code });
}

for (const call of new Set(['open', ...reading, ...writing, ...opening])) {
  const real = fs.promises[call];
  fs.promises[call] = async (path, ...rest) => {
    const fault = faultOf(call, path, call === 'open' ? rest[0] : undefined);
    if (fault) throw fault;
    return await real.call(fs.promises, path, ...rest);
  };
}
for (const [call, flags] of [
  ['createReadStream', 'r'],
  ['createWriteStream', 'w'],
]) {
  const real = fs[call];
  fs[call] = (path, ...rest) => {
    const stream = real.call(fs, path, ...rest);
    const fault = faultOf('open', path, flags);
    if (fault) stream.destroy(fault);
    return stream;
  };
}
syncBuiltinESMExports();

const RealDate = Date;
class SetDate extends RealDate {
  constructor(...input) {
    if (input.length === 0) super(RealDate.now() + state.clock);
    else super(...input);
  }
  static now() {
    return RealDate.now() + state.clock;
  }
}
Object.defineProperty(SetDate, 'name', { value: 'Date' });
globalThis.Date = SetDate;
