import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readableFileName, safeFileName } from '../../batch-jobs/api/safe-file-name.ts';
import { anyText } from '../any-text.ts';

it.each([
  ['result', 'result'],
  ['a.b_c-d.NC', 'a.b_c-d.NC'],
  ['gs:GoGo Duck', 'gs_GoGo_Duck'],
  ['../..//etc', 'etc'],
  ['._.hidden', 'hidden'],
  ['-rf', '-rf'],
  ['Größe', 'Gr_e'],
  ['a__b..c', 'a__b..c'],
  ['海', ''],
])('the file of an output called %s is stored as %s', (text, name) => {
  expect(safeFileName(text)).toBe(name);
});

describe('the name that a file is saved under', () => {
  it.each([
    ['sst', 'sst.nc'],
    ['sst.nc', 'sst.nc'],
    ['sst.NC', 'sst.NC'],
    ['sea surface', 'sea surface.nc'],
    ['Größe', 'Größe.nc'],
    ['Gro\u0308ße', 'Größe.nc'],
    ['海面水温 2024', '海面水温 2024.nc'],
    ['درجة', 'درجة.nc'],
    ['👩‍🔬', '👩‍🔬.nc'],
    ['  spaces  ', 'spaces.nc'],
    ['ends in dots...', 'ends in dots.nc'],
  ])('file names may be in any script: %s', (text, name) => {
    expect(readableFileName(text, '.nc')).toBe(name);
  });

  it.each([
    ['../../etc/passwd', 'etc_passwd.nc'],
    ['C:\\temp\\a', 'C_temp_a.nc'],
    ['a"b<c>d|e?f*g', 'a_b_c_d_e_f_g.nc'],
    ['a\r\nSet-Cookie: b', 'a_Set-Cookie_ b.nc'],
    ['.hidden', 'hidden.nc'],
    // Displayed as "exe.nc" reversed, which hides what the file is.
    ['a\u202ecn.exe', 'a_cn.exe.nc'],
    ['a\ud800b', 'a_b.nc'],
  ])('file names cannot lead to another folder or deceive: %j', (text, name) => {
    expect(readableFileName(text, '.nc')).toBe(name);
  });

  it.each(['', ' ', '..', '.nc', '/', '\u0000'])(
    'text without usable characters gives no file name: %j',
    (text) => {
      expect(readableFileName(text, '.nc')).toBe('');
    },
  );

  it('long file names are cut to what file systems allow, at whole characters', () => {
    expect(readableFileName('a'.repeat(500), '.nc')).toBe(`${'a'.repeat(120)}.nc`);
    expect(readableFileName('海'.repeat(500), '.nc')).toBe(`${'海'.repeat(66)}.nc`);
    expect(readableFileName('👩'.repeat(500), '.nc')).toBe(`${'👩'.repeat(50)}.nc`);
    fc.assert(
      fc.property(anyText(300), (text) => {
        const name = readableFileName(text, '.nc');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(203);
        expect(name).not.toMatch(/[\p{Cc}\p{Cs}/\\"]/u);
        // A safe name stays unchanged when it is made safe again.
        expect(readableFileName(name, '.nc')).toBe(name);
      }),
      { seed: 13 },
    );
  });
});
