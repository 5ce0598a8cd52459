/**
 * Whom containers of jobs run as, whatever user their image names: a user that cannot read the machine's
 * credentials, and the owner of scratch folders in EFS.
 */
export const containerUser = { uid: 1000, gid: 1000 } as const;
