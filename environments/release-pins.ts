import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EnvironmentData } from './environment.ts';
import { environmentNames, releaseParts } from './release-settings.ts';

const version = z.int().min(1);

/**
 * An earlier release of its own that an environment was rolled back to. `parts` are taken from other versions
 * than the rest; a pin of single parts also pins the rest to what ran at the time, so that nothing else is
 * promoted with it.
 */
const releasePin = z.strictObject({
  version,
  parts: z.partialRecord(z.enum(releaseParts), version).optional(),
});
export type ReleasePin = z.infer<typeof releasePin>;

const releasePins = z.partialRecord(z.enum(environmentNames), releasePin);
export type ReleasePins = z.infer<typeof releasePins>;

const pinsFile = join(import.meta.dirname, 'release-pins.json');

/**
 * The pins that `npm run operate -- rollback` sets and `promote` removes. They are stored as data, so that a
 * program can write them, and in the repository, so that the next deployment of a pipeline keeps them.
 *
 * @throws when the file holds something else
 */
export function readReleasePins(file = pinsFile): ReleasePins {
  if (!existsSync(file)) return {};
  const found = releasePins.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (found.success) return found.data;
  throw new Error(`${file}: ${z.prettifyError(found.error)}`);
}

/** @param pin undefined removes the pin */
export function writeReleasePin(
  environment: keyof ReleasePins,
  pin: ReleasePin | undefined,
  file = pinsFile,
): void {
  const { [environment]: _, ...others } = readReleasePins(file);
  const pins = pin === undefined ? others : { ...others, [environment]: pin };
  writeFileSync(file, `${JSON.stringify(pins, null, 2)}\n`);
}

/** The settings of an environment, with its pin applied. */
export function withPin(data: EnvironmentData, pins: ReleasePins): EnvironmentData {
  const pin = pins[data.name];
  if (!pin) return data;
  const environment = data.name;
  const pinned = Object.fromEntries(
    Object.entries(pin.parts ?? {}).map(([part, each]) => [part, { environment, version: each }]),
  );
  const parts = { ...data.release.parts, ...pinned };
  return {
    ...data,
    release: {
      take: 'pinned',
      environment,
      version: pin.version,
      ...(Object.keys(parts).length > 0 ? { parts } : {}),
    },
  };
}
