import { describe, expect, it } from 'vitest';
import { withTypeScriptLoader } from '../../batch-jobs/runner/typescript-loader.ts';

const args = ['--experimental-strip-types', '--no-warnings', '/processes/mine/main.ts'];

describe('a program in TypeScript', () => {
  it.each(['22.6.0', '22.23.3', '23.0.0', '24.1.0'])(
    'a program in TypeScript is read by Node.js %s itself',
    (version) => {
      expect(withTypeScriptLoader('node', args, { version })).toEqual(args);
    },
  );

  it.each(['20.9.0', '21.7.3', '22.5.1'])(
    'a program in TypeScript is read by the loader of the project on Node.js %s',
    (version) => {
      const [option, loader, ...others] = withTypeScriptLoader('node', args, { version });
      expect(option).toBe('--import');
      expect(loader).toMatch(/^file:.*\/node_modules\/tsx\//);
      expect(others).toEqual(args.slice(1));
    },
  );

  it('the TypeScript loader is only for TypeScript: other programs get their arguments unchanged', () => {
    for (const [program, own] of [
      ['python3', ['--experimental-strip-types']],
      ['node', ['/processes/mine/main.mjs']],
    ] as const) {
      expect(withTypeScriptLoader(program, own, { version: '20.9.0' })).toEqual(own);
    }
  });

  it('a program in TypeScript gets its arguments unchanged where no loader is installed', () => {
    const resolve = () => {
      throw new Error('Cannot find module');
    };
    const own = { version: '20.9.0', resolve };
    expect(withTypeScriptLoader('node', args, own)).toEqual(args);
  });
});
