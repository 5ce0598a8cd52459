import { describe, expect, it } from 'vitest';
import { generateEnvironmentSettings } from '../../docs/generate-environment-settings.ts';

describe('the reference of environment settings', () => {
  it('the reference of environment settings explains every setting', () => {
    const rows = generateEnvironmentSettings()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const unexplained = rows.filter((row) => / \|\s*\|$/.test(row));
    expect(unexplained).toEqual([]);
  });
});
