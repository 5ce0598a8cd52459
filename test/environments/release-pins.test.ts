import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { prod } from '../../environments/prod.ts';
import { readReleasePins, withPin, writeReleasePin } from '../../environments/release-pins.ts';

describe('a pin of a release', () => {
  it('a pin fixes the whole release of a version', () => {
    expect(withPin(prod, { PROD: { version: 7 } }).release).toEqual({
      take: 'pinned',
      environment: 'PROD',
      version: 7,
    });
  });

  it('a pin of a part also fixes the rest, so that a rollback promotes nothing', () => {
    const pinned = withPin(prod, { PROD: { version: 9, parts: { functions: 7 } } });
    expect(pinned.release).toEqual({
      take: 'pinned',
      environment: 'PROD',
      version: 9,
      parts: { functions: { environment: 'PROD', version: 7 } },
    });
    const { environments } = parseInstallation({ ...shippedData, environments: [pinned] });
    expect(environments[0]?.release).toEqual(pinned.release);
  });

  it('a pin of another environment has no effect', () => {
    expect(withPin(prod, { DEV: { version: 7 } })).toBe(prod);
  });

  it('a pin is stored beside those of other environments, and removed alone', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pins-')), 'pins.json');
    writeReleasePin('DEV', { version: 3 }, file);
    writeReleasePin('PROD', { version: 9, parts: { machineImages: 2 } }, file);
    expect(readReleasePins(file)).toEqual({
      DEV: { version: 3 },
      PROD: { version: 9, parts: { machineImages: 2 } },
    });
    writeReleasePin('DEV', undefined, file);
    expect(Object.keys(readReleasePins(file))).toEqual(['PROD']);
  });

  it('an unreadable file of pins is refused with its name and the field', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pins-')), 'pins.json');
    writeFileSync(file, '{"PROD": {"version": 0}}');
    expect(() => readReleasePins(file)).toThrow(/pins\.json: .*PROD\.version/s);
  });
});
