/** One fault in a configuration file. */
export interface SettingFault {
  readonly key: string;
  /** The value in the file; undefined if the key is missing. */
  readonly found: string | undefined;
  readonly allowed: string;
}

/** A configuration that cannot be used, with all its faults. */
export class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault';
  readonly faults: readonly SettingFault[];

  constructor(place: string, faults: readonly SettingFault[]) {
    super(`configuration ${place}: ${faults.map(inWords).join('; ')}`);
    this.faults = faults;
  }
}

function inWords({ key, found, allowed }: SettingFault): string {
  const what = found === undefined ? 'is not set' : `is ${JSON.stringify(found.slice(0, 100))}`;
  return `${key} ${what}, allowed: ${allowed}`;
}
