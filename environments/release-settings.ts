/** The four environments, in the order a release passes them. */
export const environmentNames = ['DEV', 'SYSTEST', 'RC', 'PROD'] as const;
export type EnvironmentName = (typeof environmentNames)[number];
