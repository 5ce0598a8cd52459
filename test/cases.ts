/**
 * Number of random cases of a property. With `TEST_CASES=10` in the environment there are ten times as many.
 *
 * @param usual enough that more of them rarely reach another branch, and each costs up to a millisecond
 */
export function cases(usual: number): number {
  return Math.ceil(usual * Number(process.env['TEST_CASES'] ?? 1));
}
