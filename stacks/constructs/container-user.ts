/**
 * The user that containers of jobs run as, regardless of the user in their image: it cannot read the
 * machine's credentials, and it owns the scratch folders in EFS.
 */
export const containerUser = { uid: 1000, gid: 1000 } as const;
