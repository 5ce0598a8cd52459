/**
 * The most vCPUs that an instance type has, by its size: `m7i.2xlarge` has 8. A family (`m7i`) or a metal
 * size has no limit that follows from the name.
 *
 * Source: Amazon EC2 Instance Types Guide, "Specifications for general purpose instances"
 */
export function vcpusOfMachine(instanceType: string): number {
  const [, size = ''] = instanceType.split('.');
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || 1);
  return /^(nano|micro|small|medium|large)$/.test(size) ? 2 : Number.POSITIVE_INFINITY;
}
